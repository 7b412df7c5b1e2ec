'use client'

/**
 * The words of `AdminCustomerPanel` and of `PlanEditor` in Arabic. Those that all components share, such as statuses, come from
 * the provider.
 *
 * @example
 * ```tsx
 * import { BillingProvider } from '@farebox/react'
 * import { AdminCustomerPanel } from '@farebox/react/admin'
 * import { adminArabic } from '@farebox/react/admin/locales/ar'
 * import { arabic } from '@farebox/react/locales/ar'
 *
 * export function Support() {
 *   return (
 *     <BillingProvider locale="ar" timeZone="Asia/Riyadh" messages={arabic} labels={{ apiCalls: 'طلبات API' }}>
 *       <AdminCustomerPanel dir="rtl" messages={adminArabic} />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
import { createPlural } from '../../locales/plural.ts'
import type { AdminMessages } from '../admin-messages.ts'
import { isolate } from './isolate.ts'

export { planEditorArabic } from './plan-editor-ar.ts'

const plural = /* @__PURE__ */ createPlural<Intl.LDMLPluralRule>('ar')
const later = 'هذا غير ممكن حاليًا. يرجى المحاولة لاحقًا.'
const futureDay = 'اختر يومًا لم يحن بعد.'

/** The words of `AdminCustomerPanel` in Arabic. */
export const adminArabic: AdminMessages = {
  searchLabel: 'البحث عن عميل',
  searchHint: 'المعرّف كاملًا، أو معرّف Stripe، أو البريد الإلكتروني.',
  searchAction: 'بحث',
  resultsTitle: 'العملاء الذين عُثر عليهم',
  found: (count, written) =>
    plural(count, {
      zero: 'لم يُعثر على عملاء', one: 'عُثر على عميل واحد', two: 'عُثر على عميلين', few: `عُثر على ${written} عملاء`,
      many: `عُثر على ${written} عميلًا`, other: `عُثر على ${written} عميل`,
    }),
  noCustomers: (search) => `لا أحد يحمل المعرّف أو البريد الإلكتروني «${isolate(search)}».`,
  backToResults: 'العودة إلى النتائج',
  refusals: {
    unauthenticated: 'لقد سجّلت الخروج.',
    forbidden: 'لست مسؤولًا.',
    'invalid-request': 'البيانات المدخلة غير صالحة.',
    'idempotency-conflict': 'هذا المفتاح مستخدم لشيء آخر.',
    'not-found': 'لا أحد يحمل هذا المعرّف، أو أن مسارات الإدارة مغلقة: حدّد في createFarebox من هو المسؤول.',
    'rate-limited': 'محاولات كثيرة جدًا. يرجى المحاولة مجددًا بعد دقيقة.',
    'payments-failed': 'رفضت خدمة الدفع هذا الطلب.',
    internal: 'حدث خطأ ما.',
    overloaded: later,
    unavailable: later,
  },
  fieldFaults: {
    amount: 'أدخل عددًا صحيحًا لا يقل عن 1.',
    expiresAt: futureDay,
    until: futureDay,
    feature: 'اختر ميزة يُحتسب استخدامها.',
    plan: 'لا توجد خطة بهذا الاسم.',
    key: 'هذا المفتاح مستخدم لشيء آخر، أو أنه طويل جدًا.',
    reason: 'أدخل 500 حرف على الأكثر.',
  },
  unreachable: 'تعذّر الوصول إلى الخادم.',
  customerId: 'العميل',
  email: 'البريد الإلكتروني',
  paymentCustomer: 'عميل Stripe',
  planOf: (source) => ({ default: 'الأساسية للجميع', subscription: 'باشتراك', override: 'ممنوحة مجانًا' })[source],
  subscription: 'الاشتراك',
  period: 'فترة الفوترة',
  periodOf: (start, end) => `من ${start} إلى ${end}`,
  trialEnds: 'نهاية الفترة التجريبية',
  balancesTitle: 'الأرصدة',
  noBalances: 'لا توجد في الكتالوج ميزة يُحتسب استخدامها.',
  othersTitle: 'ميزات أخرى',
  included: 'مشمول',
  notIncluded: 'غير مشمول',
  usedOf: (used, limit) => `استُخدم ${used} من ${limit}`,
  unlimited: 'غير محدود',
  columnSource: 'المصدر، بترتيب الاستخدام',
  columnAmount: 'الكمية',
  columnUsed: 'المستخدَم',
  columnReserved: 'المحجوز',
  columnLeft: 'المتبقي',
  columnEnds: 'ينتهي في',
  columnActions: 'الإجراءات',
  sourceOf: (source) => ({ allowance: 'حصة الخطة', grant: 'رصيد ممنوح', pack: 'حزمة', overage: 'استخدام زائد، يُفوتر' })[source],
  never: 'بلا تاريخ انتهاء',
  overridesTitle: 'خطط مُنحت مجانًا',
  noOverrides: 'لم تُمنح أي خطة.',
  overrideUntil: (until) => (until === null ? 'إلى أن يُنهى' : `حتى ${until}`),
  overrideEnded: (at) => `انتهت في ${at}`,
  auditTitle: 'آخر 100 تغيير',
  noAudit: 'لم يُغيَّر شيء يدويًا.',
  audit: (action, { name, amount, until }) => {
    const end = until === null ? '' : ` حتى ${until}`
    switch (action) {
      case 'grant': return `مُنح رصيد: ${amount} ${isolate(name)}${end}`
      case 'void-grant': return `أُلغي رصيد: ${amount} ${isolate(name)}`
      case 'override': return `مُنحت الخطة ${isolate(name)}${end}`
      case 'end-override': return `أُنهيت الخطة ${isolate(name)}`
      default: return action satisfies never
    }
  },
  app: 'التطبيق',
  change: (change, name) => {
    switch (change) {
      case 'grant': return { title: `منح رصيد إلى ${isolate(name)}`, text: '', action: 'منح', done: 'مُنح الرصيد' }
      case 'override':
        return { title: `منح ${isolate(name)} خطة مجانًا`, text: 'الخطة الأعلى المدفوعة لها الأولوية.', action: 'منح الخطة', done: 'مُنحت الخطة' }
      case 'void-grant':
        return {
          title: `هل تريد إلغاء «${isolate(name)}»؟`,
          text: 'لن يُسحب منه شيء بعد الآن، ويبقى ما استُخدم مستخدَمًا. لن يمنح مفتاحه شيئًا مرة أخرى.',
          action: 'إلغاء الرصيد', done: 'أُلغي الرصيد',
        }
      case 'end-override':
        return { title: `هل تريد إنهاء ${isolate(name)}؟`, text: 'تسري على العميل خطته الأخرى من الآن.', action: 'إنهاء الخطة', done: 'أُنهيت الخطة' }
      default: return change satisfies never
    }
  },
  grantAction: 'منح رصيد',
  overrideAction: 'منح خطة',
  voidAction: 'إلغاء',
  voidNamed: (grant) => `إلغاء ${isolate(grant)}`,
  endAction: 'إنهاء',
  endNamed: (plan) => `إنهاء ${isolate(plan)}`,
  fieldFeature: 'الميزة',
  fieldPlan: 'الخطة',
  fieldAmount: 'الكمية',
  fieldEnds: 'تاريخ الانتهاء',
  endsHint: 'مع بداية هذا اليوم بالتوقيت العالمي المنسق. من دون تاريخ لا ينتهي من تلقاء نفسه.',
  fieldReason: 'السبب',
  reasonHint: 'لسجل التغييرات. لا يراه العملاء أبدًا.',
  fieldKey: 'المفتاح',
  keyHint: 'يسمّي الغرض، مثل رقم تذكرة. المفتاح نفسه يُحتسب مرة واحدة.',
  keyEnded: 'لم يُمنح شيء: ما كان هذا المفتاح يمثله قد انتهى. اختر مفتاحًا آخر.',
  cancel: 'تراجع',
}
