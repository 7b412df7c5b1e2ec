'use client'

/**
 * Every text in Arabic. The page around it needs `dir="rtl"`.
 *
 * @example
 * ```tsx
 * import { BillingProvider, UsageDashboard } from '@farebox/react'
 * import { arabic } from '@farebox/react/locales/ar'
 *
 * export function Usage() {
 *   return (
 *     <BillingProvider locale="ar-EG" timeZone="Africa/Cairo" messages={arabic} labels={{ apiCalls: 'طلبات الواجهة البرمجية' }}>
 *       <UsageDashboard />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
import { paymentEnglish } from '../account/payment-messages.ts'
import type { Messages } from '../messages/messages.ts'
import { termsEnglish } from '../plans/terms-messages.ts'
import { amountAsGiven } from './amount-as-given.ts'
import { createPlural } from './plural.ts'

const plural = /* @__PURE__ */ createPlural<Intl.LDMLPluralRule>('ar')
const intervals: Readonly<Record<string, string | undefined>> = { hour: 'ساعة', day: 'يوم', week: 'أسبوع', month: 'شهر', year: 'سنة' }
const methods: Readonly<Record<string, string | undefined>> = { card: 'بطاقة', sepa_debit: 'خصم مباشر SEPA', us_bank_account: 'حساب مصرفي' }
const askManager = 'تواصل مع مسؤول الفوترة'
const couponRefused = 'لا يمكن استخدام هذا الرمز هنا.'
const later = 'هذا غير ممكن حاليًا. يرجى المحاولة لاحقًا.'
const notIncluded = 'غير مشمول'

/** Every text in Arabic, with amounts written in your own way: what units are called is for the app to say. */
export function createArabic(amount: Messages['amount'] = amountAsGiven): Messages {
  const messages: Messages = {
    loading: 'جارٍ التحميل…',
    failed: 'تعذّر التحميل.',
    offline: 'أنت غير متصل بالإنترنت.',
    retry: 'إعادة المحاولة',
    reload: 'إعادة تحميل الصفحة',
    problems: {
      unauthenticated: 'يرجى تسجيل الدخول أولًا.',
      forbidden: 'ليست لديك صلاحية إدارة الفوترة.',
      'rate-limited': 'محاولات كثيرة جدًا. يرجى المحاولة مجددًا بعد دقيقة.',
      'payments-failed': 'رفضت خدمة الدفع هذا الطلب.',
      'already-subscribed': 'لا يمكن تغيير الاشتراك بهذه الطريقة الآن.',
      'invalid-request': 'البيانات المدخلة غير صالحة.',
      'not-found': 'لا يوجد شيء هنا.',
      'payment-past-due': 'هناك دفعة متأخرة.',
      'plan-required': 'هذا غير مشمول في خطتك.',
      'quota-exceeded': 'تم بلوغ الحد.',
      internal: 'حدث خطأ ما.',
      plan: 'هذه الخطة غير معروضة.',
      interval: 'هذه الخطة غير معروضة بفترة الفوترة هذه.',
      currency: 'هذا غير معروض بهذه العملة.',
      quantity: 'هذا العدد غير ممكن هنا.',
      unavailable: later, overloaded: later, promotionCode: couponRefused,
    },
    stale: 'غير محدّث',
    comma: '، ',
    empty: 'لا يوجد شيء هنا بعد.',
    status: (status) =>
      ({
        none: 'بلا اشتراك', incomplete: 'غير مكتمل', incomplete_expired: 'منتهي الصلاحية', trialing: 'فترة تجريبية', active: 'نشط',
        past_due: 'دفعة متأخرة', unpaid: 'غير مدفوع', paused: 'متوقف مؤقتًا', canceled: 'ملغى', unknown: 'غير معروف',
      })[status],
    amount,

    notIncluded: 'غير مشمول في خطتك',
    usage: (usage, format) => {
      const { total, limit, reserved, unit, tone } = usage
      const { number } = format
      const held = reserved ? ` (منها ${number(reserved)} محجوزة)` : ''
      const text = limit === null ? amount(number(total), total, unit) : `${number(total)} من ${amount(number(limit), limit, unit)}`
      return text + held + (tone === 'ok' ? '' : `، ${messages.left(usage, format)}`)
    },
    left: ({ limit, remaining, tone }, { number }) => {
      if (limit === null) return 'بلا حد'
      return tone === 'over' ? 'تم تجاوز الحد' : remaining ? `المتبقي ${number(remaining)}` : 'تم بلوغ الحد'
    },
    resets: (date) => `يُعاد الضبط في ${date}`,
    usageTitle: 'الاستخدام',
    noUsage: 'لا تتضمن خطتك استخدامًا محسوبًا.',
    columnFeature: 'الميزة', columnUsed: 'المستخدَم', columnLeft: 'المتبقي',
    ofLimit: (limit) => `من ${limit}`,
    columnPeriod: 'بداية الفترة',
    columnOverage: 'الاستخدام الزائد',
    historyTitle: (label) => `${label} عبر الزمن`,
    noHistory: 'لم يُستخدم شيء بعد.',
    download: 'تنزيل ملف CSV',
    creditsTitle: 'الأرصدة',
    ledgerTitle: 'الأرصدة بترتيب استخدامها', noCredits: 'لا توجد أرصدة.',
    creditsExpire: (written, _remaining, date) => `تنتهي صلاحية ${written} في ${date}`,
    neverExpires: 'بلا تاريخ انتهاء',
    leftOf: (remaining, total) => `${remaining} من ${total}`,
    columnCredits: 'رصيد مخصص لـ', columnRemaining: 'المتبقي', columnExpires: 'تاريخ الانتهاء',

    noSubscription: 'بلا اشتراك',
    period: ({ start, end, next }) => `${start} – ${end}، ثم ${next === 'renews' ? 'يتجدد' : 'ينتهي'}`,
    choosePlan: (planName) => `اختيار ${planName}`,
    manageBilling: 'إدارة الفوترة',
    askManager,
    actionFailed: 'لم تنجح العملية. يرجى المحاولة مجددًا.',
    dismiss: 'ليس الآن',
    upgrade: ({ reason, action, planName, limit, unit }, feature, { number }) =>
      reason === 'payment-past-due'
        ? { title: 'دفعة متأخرة', text: '', action: 'تحديث الدفع' }
        : {
            title: `${feature}: ${reason === 'plan-required' ? messages.notIncluded : 'تم بلوغ الحد'}`,
            text: action === 'ask' ? `${askManager}.` : limit === null ? `مشمول في ${planName}.` : `تشمل ${planName} ما يصل إلى ${amount(number(limit), limit, unit ?? '')}.`,
            action: `الترقية إلى ${planName}`,
          },
    terms: (terms, format) => {
      const { number, money } = format
      switch (terms?.kind) {
        case 'toggle': return terms.on ? 'مشمول' : notIncluded
        case 'setting': return termsEnglish.terms(terms, format)
        case 'seats':
          if (terms.limit === null) return terms.paid ? 'بقدر ما تشتري' : 'غير محدود'
          return terms.limit ? `حتى ${number(terms.limit)}` : notIncluded
        case 'metered': {
          const { limit, unit, interval, overage } = terms
          if (limit === null) return 'غير محدود'
          const each = overage && money({ ...overage, amount: Number(overage.amount) }, { maximumFractionDigits: 12 })
          if (!limit) return each ? `${each} لكل ${unit}` : notIncluded
          return `${amount(number(limit), limit, unit)} كل ${intervals[interval] ?? interval}${each ? `، ثم ${each} لكل وحدة` : ''}`
        }
        case undefined: return notIncluded
        default: return terms satisfies never
      }
    },
    pricingTitle: 'الخطط',
    noPlans: 'لا توجد خطط معروضة.',
    intervalLabel: 'فترة الفوترة',
    intervalName: (interval) => (interval === 'year' ? 'سنويًا' : 'شهريًا'),
    saving: (percent) => `وفّر حتى ${percent}`,
    currencyLabel: 'العملة',
    planLabel: 'الخطة',
    price: ({ plan, price, monthly, interval, quantity, trialDays }, { money, number }) => {
      if (!price || !monthly) return { amount: plan.contactSales ? 'حسب الطلب' : 'مجانًا', per: '', note: '' }
      const [whole, each] = [price, monthly].map((one) => money(one, { trailingZeroDisplay: 'stripIfInteger' }))
      const [days, seats] = [number(trialDays), number(quantity)]
      const note = [
        trialDays &&
          plural(trialDays, {
            zero: '', one: 'يوم واحد مجانًا', two: 'يومان مجانًا', few: `${days} أيام مجانًا`, many: `${days} يومًا مجانًا`, other: `${days} يوم مجانًا`,
          }),
        interval && plan.prices[interval]?.perSeat &&
          plural(quantity, {
            zero: 'بلا مقاعد', one: 'لمقعد واحد', two: 'لمقعدين', few: `لعدد ${seats} مقاعد`, many: `لعدد ${seats} مقعدًا`, other: `لعدد ${seats} مقعد`,
          }),
        interval === 'year' && `${whole} تُدفع سنويًا`,
      ]
      return { amount: each ?? '', per: 'شهريًا', note: note.filter(Boolean).join('، ') }
    },
    recommended: 'موصى بها',
    planAction: ({ plan, action, standing, trialDays, interval }) => {
      if (action === 'resume') return `الإبقاء على ${plan.name}`
      if (standing === 'current') return 'خطتك الحالية'
      if (standing === 'scheduled') return 'مجدولة'
      if (action === 'contact') return 'تواصل معنا'
      if (action === 'ask') return askManager
      if (action === 'checkout' || standing === 'available') return trialDays ? 'ابدأ الفترة التجريبية المجانية' : messages.choosePlan(plan.name)
      if (standing === 'interval') return `التحويل إلى الدفع ${interval === 'year' ? 'السنوي' : 'الشهري'}`
      if (action === 'none') return plan.name
      return standing === 'upgrade' ? `الترقية إلى ${plan.name}` : `الانتقال إلى ${plan.name}`
    },
    columnFeatures: 'ما تحصل عليه',
    beforeTax: 'قبل الضرائب والخصومات.',
    seatsLabel: 'المقاعد',
    fewerSeats: 'مقاعد أقل',
    moreSeats: 'مقاعد أكثر',
    changeTitle: (planName) => `الانتقال إلى ${planName}`,
    changeWhen: (preview, { date }) => {
      switch (preview.kind) {
        case 'unchanged': return 'هذا ما لديك بالفعل.'
        case 'end': return `ينتهي اشتراكك في ${date(preview.at)}. لن تُحصَّل أي رسوم.`
        case 'change': return preview.when === 'now' ? 'يسري فورًا.' : `يسري في ${date(preview.at)}. لا يُستحق شيء قبل ذلك.`
        default: return preview satisfies never
      }
    },
    discount: 'الخصم',
    tax: 'الضريبة',
    dueNow: 'المستحق الآن',
    credited: 'يُضاف إلى رصيدك',
    nextInvoice: 'الفاتورة القادمة',
    confirmChange: (due) => (due ? `تأكيد ودفع ${due}` : 'تأكيد'),
    back: 'رجوع',
    changeDone: (change, planName, { date }) => {
      switch (change.kind) {
        case 'changed': return `أنت الآن على ${planName}.`
        case 'scheduled': return `ستنتقل إلى ${planName} في ${date(change.at)}.`
        case 'action-required': return 'لم يتغير شيء بعد: يجب أولًا إجراء دفعة أو تأكيدها.'
        case 'unchanged': return 'لم يكن هناك ما يتغير.'
        default: return change satisfies never
      }
    },
    previewRenewed: 'أُعيد حساب المبالغ. راجعها ثم أكّد.',
    payOrConfirm: 'الدفع أو التأكيد',
    resumed: 'يستمر اشتراكك.',
    notSubscribed: 'لا يوجد اشتراك لإلغائه.',
    cancelPlan: 'إلغاء الاشتراك',
    cancelTitle: (planName) => `هل تريد إلغاء ${planName}؟`,
    cancelThen: (planName, nextName, date) => `تحتفظ بـ ${planName} حتى ${date}. بعد ذلك تنتقل إلى ${nextName}.`,
    lossesTitle: 'ما سيقل',
    lossBecomes: 'يصبح',
    lossOver: (written) => `تستخدم الآن ${written}: سيُرفض ما يزيد على الحد.`,
    confirmCancel: 'الإلغاء في نهاية الفترة',
    keepPlan: (planName) => `الإبقاء على ${planName}`,
    endsOn: (planName, date) => `ينتهي ${planName} في ${date}.`,
    couponLabel: 'رمز ترويجي',
    applyCoupon: 'تطبيق',
    removeCoupon: (code) => `إزالة ${code}`,
    couponRefused,

    noticeTone: (tone) => ({ critical: 'عاجل', warn: 'يرجى الانتباه', info: 'ملاحظة' })[tone],
    trialLeft: (days, { number }) =>
      days > 1
        ? plural(days, {
            zero: '', one: 'يتبقى يوم واحد من الفترة التجريبية', two: 'يتبقى يومان من الفترة التجريبية', few: `تتبقى ${number(days)} أيام من الفترة التجريبية`,
            many: `يتبقى ${number(days)} يومًا من الفترة التجريبية`, other: `يتبقى ${number(days)} يوم من الفترة التجريبية`,
          })
        : 'اليوم الأخير من فترتك التجريبية',
    notice: ({ notice, due, graceEndsAt, planName, action: what }, { date, money }) => {
      const { kind, at } = notice
      const on = at ? ` في ${date(at)}` : ''
      const payment = due ? `دفعتك بقيمة ${money(due)}` : 'دفعتك'
      const until = graceEndsAt ? ` ينتهي الوصول في ${date(graceEndsAt)}.` : ''
      const pay = what === 'pay' ? 'ادفع الآن' : 'تحديث الدفع'
      switch (kind) {
        case 'access-ended': return { title: 'انتهى الوصول', text: `لم تصل ${payment}.`, action: pay }
        case 'payments-mismatch': return { title: 'هناك مشكلة في اشتراكك', text: 'يرجى التواصل معنا.', action: '' }
        case 'trial-ended-without-card': return { title: 'انتهت فترتك التجريبية', text: 'لم تُقدَّم وسيلة دفع.', action: 'إضافة وسيلة دفع' }
        case 'payment-action-required': return { title: 'أكّد دفعتك', text: `${payment} بانتظار تأكيدك.${until}`, action: 'تأكيد الدفع' }
        case 'payment-past-due':
        case 'payment-failed': return { title: 'دفعة متأخرة', text: `لم تصل ${payment}.${until}`, action: pay }
        case 'paused': return { title: 'الاشتراك متوقف مؤقتًا', text: `${on && `يُستأنف${on}. `}قد يُحصَّل المبلغ فورًا عند الاستئناف الآن.`, action: 'استئناف الآن' }
        case 'cancellation-scheduled': return { title: `ينتهي اشتراكك${on}`, text: '', action: 'الإبقاء على الاشتراك' }
        case 'change-scheduled': return { title: `يبدأ ${planName ?? 'تغيير'}${on}`, text: '', action: 'الإبقاء على الخطة الحالية' }
        case 'trial-ending': return { title: `تنتهي فترتك التجريبية${on}`, text: '', action: 'إدارة الفوترة' }
        case 'card-expiring': return { title: `تنتهي صلاحية بطاقتك المنتهية بـ ${notice.last4}${on}`, text: '', action: 'تحديث البطاقة' }
        default: return kind satisfies never
      }
    },

    dashboardTitle: 'الفوترة',
    restForManagers: 'الفواتير والدفع وتغيير الخطة متاحة لمن يدير الفوترة.',
    sectionTitle: (section) =>
      ({
        notices: 'تنبيهات', plan: 'الخطة', period: 'فترة الفوترة', usage: 'الاستخدام', credits: 'الأرصدة', seats: 'المقاعد',
        upcoming: 'الفاتورة القادمة', paymentMethods: 'وسيلة الدفع', invoices: 'الفواتير', planChange: 'تغيير الخطة',
      })[section],
    seatsTitle: 'المقاعد',
    noSeats: 'لا مقاعد في هذه الخطة.',
    seatsHeld: (used, limit, isOver) => `${limit === null ? used : `${used} من ${limit}`} قيد الاستخدام${isOver ? '، تم تجاوز الحد' : ''}`,
    forManagers: 'لا يرى هذا إلا من يدير الفوترة.',
    notConnected: 'الفوترة غير مُعدّة.',
    invoicesTitle: 'الفواتير',
    noInvoices: 'لا توجد فواتير بعد.',
    columnInvoice: 'الفاتورة',
    columnStatus: 'الحالة',
    columnTotal: 'الإجمالي',
    columnDocuments: 'المستندات',
    invoiceStatus: (status) => ({ draft: 'مسودة', open: 'مفتوحة', paid: 'مدفوعة', void: 'ملغاة', uncollectible: 'غير مدفوعة' })[status],
    invoiceName: (number) => `فاتورة ${number}`,
    stillDue: (due) => `المستحق ${due}`,
    pay: 'دفع',
    payInvoice: (number) => `دفع الفاتورة ${number}`,
    pdf: 'PDF',
    pdfOfInvoice: (number) => `ملف PDF للفاتورة ${number}`,
    moreInvoices: 'عرض المزيد',
    invoicesLoaded: (count, written) =>
      plural(count, {
        zero: 'لا فواتير إضافية', one: 'فاتورة إضافية واحدة', two: 'فاتورتان إضافيتان', few: `${written} فواتير إضافية`,
        many: `${written} فاتورة إضافية`, other: `${written} فاتورة إضافية`,
      }),
    paymentMethodsTitle: 'وسيلة الدفع',
    noPaymentMethods: 'لا توجد وسيلة دفع بعد.',
    paymentMethod: (method) => {
      const name = methods[method.brand ?? method.kind] ?? paymentEnglish.paymentMethod({ ...method, last4: null })
      return method.last4 ? `${name} تنتهي بـ ${method.last4}` : name
    },
    defaultMethod: 'الافتراضية',
    methodExpires: (month, isExpired) => `${isExpired ? 'انتهت الصلاحية في' : 'تنتهي الصلاحية في'} ${month}`,
    updatePaymentMethods: 'تحديث وسيلة الدفع',
    addPaymentMethod: 'إضافة وسيلة دفع',
    upcomingTitle: 'الفاتورة القادمة',
    noUpcoming: 'لا توجد فاتورة قادمة.',
    billedOn: (date) => `في ${date}`,
    otherLine: 'بند آخر',
    total: 'الإجمالي',
  }
  return messages
}

/** Every text in Arabic; units as the catalog calls them. */
export const arabic: Messages = /* @__PURE__ */ createArabic()
