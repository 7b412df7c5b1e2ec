import { createPlural } from '../../locales/plural.ts'
import type { CatalogMessages } from '../catalog-messages.ts'
import type { PlanEditorMessages } from '../plan-editor-messages.ts'
import { type FaultTexts, faultText } from './fault-text.ts'
import { isolate } from './isolate.ts'

const plural = /* @__PURE__ */ createPlural<Intl.LDMLPluralRule>('ar')
const intervals = { month: 'شهريًا', year: 'سنويًا' } as const
const fields = { name: 'الاسم', description: 'الوصف', active: 'التفعيل', metadata: 'البيانات الوصفية' } as const

const faults: FaultTexts = {
  text: 'أدخل نصًا من 1 إلى $1 حرف.',
  whole: 'أدخل عددًا صحيحًا من $1 إلى $2.',
  name: 'ابدأ المفتاح بحرف لاتيني صغير، ثم حتى 63 من الحروف اللاتينية والأرقام والشرطات.',
  reserved: 'اختر مفتاحًا آخر: هذا الاسم محجوز في JavaScript.',
  unknown: 'لا يوجد هذا هنا؛ المتاح: $1.',
  noDefault: 'يجب أن تكون خطة واحدة هي الأساسية، للعملاء الذين ليست لديهم خطة أخرى.',
  manyDefaults: 'خطة واحدة فقط تكون الأساسية؛ وهنا: $1.',
  defaultFree: 'ليس للخطة الأساسية سعر: لم يختر أحد أن يدفع مقابلها.',
  defaultSales: 'الخطة الأساسية لدى الجميع.',
  trialPrice: 'يجب أن يلي الفترة التجريبية سعر.',
  money: 'أدخل مبلغًا بنقطة عشرية، مثل 29.90.',
  steps: 'أدخل مبلغًا أكبر من الصفر، بعملة $1 وبخطوات من $2 من أصغر وحدة؛ ليس للخطة المجانية سعر.',
  unitPrice: 'أدخل سعر الوحدة بنقطة عشرية، مثل 0.10.',
  aboveZero: 'أدخل سعرًا أكبر من الصفر.',
  tierCosts: 'يجب أن تكون لشريحة واحدة على الأقل تكلفة.',
  currencyOnce: 'اذكر كل عملة مرة واحدة.',
  currenciesDiffer: 'للخطة العملات نفسها وبالترتيب نفسه في كل أسعارها؛ وهنا: $1.',
  paidSeats: 'لا تُدفع المقاعد إلا إذا كانت كل أسعار الخطة عن كل مقعد.',
  seats: 'حدّد عدد المقاعد، أو «غير محدود»، أو «بقدر ما يُدفع».',
  unlimitedOverage: 'لا يوجد ما يزيد على حصة غير محدودة.',
  noFeature: 'هذه الميزة ليست في الكتالوج.',
  gateForm: 'اكتب الحد مثل 100/minute؛ والوحدات second وminute وhour وday.',
  gateLimit: 'حدّد حدًا من 1 إلى $1، ورقمًا ثالثًا لا يتجاوزه.',
  gateRate: 'حدّد طلبًا واحدًا على الأكثر لكل ميكروثانية.',
  gateTwice: 'الحد $1 مكرر.',
  gateMetered: 'لا تكون حدود المعدل إلا لميزة يُحتسب استخدامها.',
  gateFeature: 'الخطة لا تشمل هذه الميزة، فلن يكون للحد أثر.',
  packMetered: 'لا تشمل الحزمة إلا ميزات يُحتسب استخدامها.',
  packEmpty: 'حدّد كمية واحدة على الأقل.',
  samePair: 'حدّد خطتين مختلفتين.',
  prorated: 'لا تسوية في نهاية الفترة.',
  closed: 'لا يمنح اشتراك بهذه الحالة وصولًا أبدًا.',
}

/** The words of `PlanEditor` in Arabic. */
export const planEditorArabic: PlanEditorMessages & CatalogMessages = {
  plansTitle: 'الخطط، من الأدنى إلى الأعلى',
  undo: 'تراجع',
  undone: 'تم التراجع',
  moveUp: (plan) => `نقل ${isolate(plan)} إلى أعلى`,
  moveDown: (plan) => `نقل ${isolate(plan)} إلى أسفل`,
  remove: 'إزالة',
  removePlan: (plan) => `إزالة ${isolate(plan)}`,
  planRemoved: (plan) => `أُزيلت ${isolate(plan)}. يعيدها «تراجع».`,
  planMoved: (plan, place, of) => `${isolate(plan)} هي الخطة ${place} من ${of}`,
  addPlan: 'إضافة خطة',
  planKey: 'مفتاح الخطة الجديدة',
  planKeyHint: 'اسمها في الشيفرة، مثل «team». لا يتغير لاحقًا.',
  keyTaken: 'توجد خطة بهذا المفتاح.',
  fault: (fault) => faultText(fault, faults),
  faults: (count, written) =>
    plural(count, {
      zero: 'لا شيء للتصحيح', one: 'أمر واحد للتصحيح', two: 'أمران للتصحيح', few: `${written} أمور للتصحيح`,
      many: `${written} أمرًا للتصحيح`, other: `${written} أمر للتصحيح`,
    }),
  isDefault: 'الأساسية: لكل من ليست لديه خطة أخرى',
  isRecommended: 'موصى بها',
  contactSales: 'لا تُباع مباشرة: يتواصل الراغبون معنا',
  noPrice: 'بلا سعر',
  name: 'الاسم',
  description: 'الوصف',
  trialDays: 'الفترة التجريبية، بالأيام',
  trialRequiresCard: 'تبدأ الفترة التجريبية ببطاقة',
  pricesTitle: 'الأسعار',
  currencies: 'العملات',
  currenciesHint: `المعتادة أولًا: ${isolate('usd, eur')}`,
  sold: (interval) => `تُباع ${intervals[interval]}`,
  price: (interval, currency) => `السعر ${intervals[interval]}، ${isolate(currency)}`,
  tierPrice: (interval, currency, place) => `المقعد ${intervals[interval]}، ${isolate(currency)}، الشريحة ${place}`,
  tierEnd: (interval, place) => `آخر مقعد ${intervals[interval]}، الشريحة ${place}`,
  tiersMode: (interval) => `الشرائح ${intervals[interval]}`,
  tiersModeOf: (mode) => (mode === 'graduated' ? 'كل مقعد بحسب شريحته' : 'كل المقاعد بحسب شريحة عددها'),
  addTier: (interval) => `إضافة شريحة، ${intervals[interval]}`,
  removeTier: (interval) => `إزالة آخر شريحة، ${intervals[interval]}`,
  perSeat: (interval) => `يُدفع عن كل مقعد ${intervals[interval]}`,
  minimumSeats: (interval) => `أقل عدد من المقاعد ${intervals[interval]}`,
  each: (price, interval) => `${price} ${intervals[interval]}`,
  featuresTitle: 'ما تشمله',
  included: (feature) => feature,
  value: (feature) => `${isolate(feature)}، القيمة`,
  valueHint: 'قيمة JSON أو نص.',
  unlimited: (feature) => `${isolate(feature)}، غير محدود`,
  paidSeats: (feature) => `${isolate(feature)}، بقدر ما يُدفع`,
  amountOf: (feature) => `${isolate(feature)}، الكمية`,
  per: (feature) => `${isolate(feature)}، يتجدد كل`,
  span: (span) => ({ hour: 'ساعة', day: 'يوم', week: 'أسبوع', month: 'شهر', year: 'سنة' })[span],
  overageOf: (feature, currency) => `${isolate(feature)}، كل وحدة زائدة، ${isolate(currency)}`,
  overageHint: 'فارغ: لا استخدام زائدًا.',
  restLoading: 'جارٍ تحميل الميزات والحزم والقواعد…',
  restFailed: 'تعذّر تحميل الميزات والحزم والقواعد.',
  restRetry: 'إعادة المحاولة',
  changesTitle: `ما سيفعله ${isolate('farebox push')}`,
  changesHint: 'في حساب نُقل إليه الكتالوج السابق. يسري عند نشر الملف.',
  noChanges: 'لا شيء: يبقى Stripe كما هو.',
  changesAfterFaults: 'صحّح الأخطاء أولًا.',
  group: (group) =>
    ({
      create: 'ينشئ',
      replace: 'يستبدل أسعارًا: تُؤرشف القديمة وتحتفظ بها الاشتراكات القائمة',
      change: 'يغيّر',
      retire: 'يؤرشف: لم يعد شراؤه ممكنًا وتحتفظ به الاشتراكات القائمة',
      leave: 'يترك القرار لك',
    })[group],
  tierCost: (price, end) => (end === null ? `${price} بعد ذلك` : `${price} حتى المقعد ${end}`),
  priceTerms: (cost, mode, minimum, written) => {
    const tiers = mode && (mode === 'graduated' ? 'كل مقعد بحسب شريحته' : 'بحسب شريحة العدد')
    const fewest =
      minimum > 1 &&
      plural(minimum, {
        zero: '', one: 'مقعد واحد على الأقل', two: 'مقعدان على الأقل', few: `${written} مقاعد على الأقل`,
        many: `${written} مقعدًا على الأقل`, other: `${written} مقعد على الأقل`,
      })
    return [cost, tiers, fewest].filter(Boolean).join('، ')
  },
  step: (step, nameOf, { now, before }) => {
    const cost = `${now}${before && ` بدلًا من ${before}`}`
    switch (step.kind) {
      case 'product':
        if (step.action === 'leave') return `منتج ${isolate(nameOf(step.plan))} الذي لم يعد في الكتالوج`
        return `منتج ${isolate(nameOf(step.target.plan))}${step.action === 'change' ? `: ${step.fields.map((field) => fields[field]).join('، ')}` : ''}`
      case 'price': {
        const { plan, interval } = step.action === 'retire' ? step : step.target
        const price = `${isolate(nameOf(plan))}، ${interval === 'year' ? 'سنويًا' : 'شهريًا'}`
        return step.action === 'retire' ? price : `${price}: ${cost}`
      }
      case 'pack':
        return step.action === 'retire' ? `الحزمة ${isolate(nameOf(step.pack))}` : `الحزمة ${isolate(step.target.name)}: ${cost}`
      case 'portal': return 'ما تعرضه بوابة الفوترة'
      default: return step satisfies never
    }
  },
  fileTitle: 'كملف كتالوج',
  copy: 'نسخ',
  copied: 'تم النسخ',
  notCopied: 'تعذّر النسخ. حدّد النص بنفسك.',

  featuresOfAll: 'ميزات الكتالوج',
  featuresHint: 'مفاتيحها لا تتغير: بها يرتبط الاستخدام والأرصدة والشيفرة. أما الاسم المعروض فتحدده تسميات التطبيق.',
  noFeatures: 'لا توجد ميزات بعد.',
  addFeature: 'إضافة ميزة',
  featureKey: 'مفتاح الميزة الجديدة',
  featureKeyHint: 'اسمها في الشيفرة، مثل «apiCalls». لا يتغير لاحقًا.',
  featureKeyTaken: 'توجد ميزة بهذا المفتاح.',
  featureKind: 'النوع',
  kindOf: (kind) => ({ metered: 'تُحتسب كل فترة', seats: 'تُشغل حتى تُعاد', toggle: 'مفعّلة أو لا', setting: 'قيمة' })[kind],
  removeFeature: (feature) => `إزالة الميزة ${isolate(feature)}`,
  featureRemoved: (feature) => `أُزيلت ${isolate(feature)}، ومن كل الخطط والحزم أيضًا. يعيدها «تراجع».`,
  unit: 'الوحدة',
  unitHint: `اسم الواحدة منها، مثل: ${isolate('call, token')}.`,
  anchor: 'تبدأ فتراتها مع',
  anchorOf: (anchor) => ({ customer: 'تسجيل العميل', calendar: 'التقويم، بالتوقيت العالمي', subscription: 'فترة الفوترة' })[anchor],
  onError: 'إذا تعذّر اتخاذ القرار',
  onErrorRule: (rule) => (rule === 'deny' ? 'رفض' : 'سماح'),
  acceptLossy: 'يجوز حفظها حيث قد تضيع الأعداد',
  lease: 'تأخذ الخوادم الاستخدام مسبقًا على دفعات',
  leaseMost: 'أكبر دفعة',
  leaseIdle: 'مدة الاحتفاظ بالدفعة، بالملّي ثانية',
  gatesTitle: 'حدود المعدل',
  gatesOf: (feature) => `${isolate(feature)}، على الأكثر`,
  gatesHint: `مثل ${isolate('100/minute, 1000/hour')}. الرقم الثالث هو العدد المسموح دفعة واحدة: ${isolate('1000/hour/50')}.`,
  packsTitle: 'الحزم، تُدفع مرة واحدة',
  noPacks: 'لا تُباع أي حزمة.',
  addPack: 'إضافة حزمة',
  packKey: 'مفتاح الحزمة الجديدة',
  packKeyHint: 'اسمها في الشيفرة، مثل «small». لا يتغير لاحقًا.',
  packKeyTaken: 'توجد حزمة بهذا المفتاح.',
  removePack: (pack) => `إزالة الحزمة ${isolate(pack)}`,
  packRemoved: (pack) => `أُزيلت الحزمة ${isolate(pack)}. يعيدها «تراجع».`,
  packPrice: (currency) => `السعر، ${isolate(currency)}`,
  packGives: (feature) => `${isolate(feature)}، الكمية الممنوحة`,
  packGivesHint: 'فارغ: لا شيء.',
  packExpires: 'تنتهي بعد، بالأيام',
  packExpiresHint: 'فارغ: يبقى ما لم يُستخدم.',
  packRefunds: 'عند رد المبلغ',
  packRefundsRule: (rule) => (rule === 'void' ? 'يُسحب ما منحته' : 'يبقى ما منحته'),
  rulesTitle: 'قواعد لكل الخطط',
  movesTitle: 'تغييرات الخطة',
  moveOf: (kind) =>
    ({
      upgrade: 'إلى خطة أعلى', downgrade: 'إلى خطة أدنى', longerInterval: 'من شهري إلى سنوي', shorterInterval: 'من سنوي إلى شهري',
      moreQuantity: 'مقاعد أكثر', lessQuantity: 'مقاعد أقل',
    })[kind],
  moveRule: ({ when, proration }) => {
    if (when === 'period-end') return 'في نهاية الفترة'
    return { invoice: 'فورًا، يُفوتر الآن', 'next-invoice': 'فورًا، في الفاتورة القادمة', none: 'فورًا، بلا تسوية' }[proration]
  },
  pairOf: (from, to) => `من ${isolate(from)} إلى ${isolate(to)}`,
  pairFrom: 'من الخطة',
  pairTo: 'إلى الخطة',
  addPair: 'إضافة قاعدة لخطتين',
  pairTaken: 'توجد قاعدة لهاتين الخطتين، أو أنهما الخطة نفسها.',
  removePair: (from, to) => `إزالة القاعدة من ${isolate(from)} إلى ${isolate(to)}`,
  lifecycleTitle: 'الوصول عند وجود مشكلة',
  graceDays: 'مهلة السماح، بالأيام',
  graceHint: (usual) => `بعد فاتورة غير مدفوعة. فارغ: ${usual}.`,
  accessOf: (status) =>
    ({
      incomplete: 'الدفعة الأولى معلّقة', incomplete_expired: 'الدفعة الأولى لم تُسدد', trialing: 'في الفترة التجريبية', active: 'مدفوع',
      past_due: 'دفعة متأخرة', unpaid: 'غير مدفوع بعد كل المحاولات', paused: 'متوقف مؤقتًا', canceled: 'ملغى', unknown: 'غير معروف',
    })[status],
  accessRule: (rule) => ({ full: 'وصول', grace: 'وصول خلال مهلة السماح', none: 'بلا وصول' })[rule],
}
