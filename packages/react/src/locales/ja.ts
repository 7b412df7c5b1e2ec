'use client'

/**
 * Every text in Japanese.
 *
 * @example
 * ```tsx
 * import { BillingProvider, UsageDashboard } from '@farebox/react'
 * import { japanese } from '@farebox/react/locales/ja'
 *
 * export function Usage() {
 *   return (
 *     <BillingProvider locale="ja-JP" timeZone="Asia/Tokyo" messages={japanese} labels={{ apiCalls: 'API 呼び出し' }}>
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

const intervals: Readonly<Record<string, string | undefined>> = { hour: '1 時間', day: '1 日', week: '1 週間', month: '1 か月', year: '1 年' }
const methods: Readonly<Record<string, string | undefined>> = { card: 'カード', sepa_debit: 'SEPA 口座振替', us_bank_account: '銀行口座' }
const askManager = '請求の管理者にお問い合わせください'
const couponRefused = 'このコードはここでは利用できません。'
const later = '現在ご利用いただけません。しばらくしてからもう一度お試しください。'
const notIncluded = '含まれていません'

/** Every text in Japanese, with amounts written in your own way: what units are called is for the app to say. Nouns and verbs have one form for every count. */
export function createJapanese(amount: Messages['amount'] = amountAsGiven): Messages {
  const messages: Messages = {
    loading: '読み込み中…',
    failed: '読み込めませんでした。',
    offline: 'オフラインです。',
    retry: '再試行',
    reload: 'ページを再読み込み',
    problems: {
      unauthenticated: '先にサインインしてください。',
      forbidden: '請求を管理する権限がありません。',
      'rate-limited': '試行回数が多すぎます。1 分後にもう一度お試しください。',
      'payments-failed': '決済サービスで受け付けられませんでした。',
      'already-subscribed': '現在、ご契約をこのように変更することはできません。',
      'invalid-request': '入力内容に誤りがあります。',
      'not-found': '該当するものがありません。',
      'payment-past-due': 'お支払いが遅れています。',
      'plan-required': 'ご利用のプランには含まれていません。',
      'quota-exceeded': '上限に達しました。',
      internal: '問題が発生しました。',
      plan: 'このプランは提供していません。',
      interval: 'このプランは、この請求間隔では提供していません。',
      currency: 'この通貨では提供していません。',
      quantity: 'この数は指定できません。',
      unavailable: later,
      overloaded: later,
      promotionCode: couponRefused,
    },
    stale: '最新ではありません',
    comma: '、',
    empty: 'まだ何もありません。',
    status: (status) =>
      ({
        none: '契約なし', incomplete: '手続き未完了', incomplete_expired: '期限切れ', trialing: 'トライアル中', active: '有効',
        past_due: '支払い遅延', unpaid: '未払い', paused: '一時停止中', canceled: '解約済み', unknown: '不明',
      })[status],
    amount,

    notIncluded: 'ご利用のプランには含まれていません',
    usage: (usage, format) => {
      const { total, limit, reserved, unit, tone } = usage
      const { number } = format
      const held = reserved ? `（うち予約済み ${number(reserved)}）` : ''
      const text = limit === null ? amount(number(total), total, unit) : `${number(total)} / ${amount(number(limit), limit, unit)}`
      return text + held + (tone === 'ok' ? '' : `、${messages.left(usage, format)}`)
    },
    left: ({ limit, remaining, tone }, { number }) => {
      if (limit === null) return '上限なし'
      return tone === 'over' ? '上限を超過' : remaining ? `残り ${number(remaining)}` : '上限に到達'
    },
    resets: (date) => `${date}にリセット`,
    usageTitle: '利用状況',
    noUsage: 'ご利用のプランには計測される機能がありません。',
    columnFeature: '機能',
    columnUsed: '使用量',
    columnLeft: '残り',
    ofLimit: (limit) => `上限 ${limit}`,
    columnPeriod: '期間の開始',
    columnOverage: '超過分',
    historyTitle: (label) => `${label}の推移`,
    noHistory: 'まだ使用されていません。',
    download: 'CSV をダウンロード',
    creditsTitle: 'クレジット',
    ledgerTitle: 'クレジット（使用される順）',
    noCredits: 'クレジットはありません。',
    creditsExpire: (written, _remaining, date) => `${written} が${date}に失効`,
    neverExpires: '有効期限なし',
    leftOf: (remaining, total) => `${remaining} / ${total}`,
    columnCredits: '対象',
    columnRemaining: '残り',
    columnExpires: '有効期限',

    noSubscription: '契約なし',
    period: ({ start, end, next }) => `${start}～${end}、その後${next === 'renews' ? '更新' : '終了'}`,
    choosePlan: (planName) => `${planName} を選択`,
    manageBilling: '請求を管理',
    askManager,
    actionFailed: '処理できませんでした。もう一度お試しください。',
    dismiss: '今はしない',
    upgrade: ({ reason, action, planName, limit, unit }, feature, { number }) =>
      reason === 'payment-past-due'
        ? { title: 'お支払いが遅れています', text: '', action: 'お支払い方法を更新' }
        : {
            title: `${feature}：${reason === 'plan-required' ? messages.notIncluded : '上限に達しました'}`,
            text: action === 'ask' ? `${askManager}。` : `${planName} では${limit === null ? 'ご利用いただけます' : ` ${amount(number(limit), limit, unit ?? '')} まで利用できます`}。`,
            action: `${planName} にアップグレード`,
          },
    terms: (terms, format) => {
      const { number, money } = format
      switch (terms?.kind) {
        case 'toggle': return terms.on ? '含まれています' : notIncluded
        case 'setting': return termsEnglish.terms(terms, format)
        case 'seats':
          if (terms.limit === null) return terms.paid ? '購入した数だけ' : '無制限'
          return terms.limit ? `最大 ${number(terms.limit)}` : notIncluded
        case 'metered': {
          const { limit, unit, interval, overage } = terms
          if (limit === null) return '無制限'
          const each = overage && money({ ...overage, amount: Number(overage.amount) }, { maximumFractionDigits: 12 })
          if (!limit) return each ? `1 ${unit} あたり ${each}` : notIncluded
          return `${intervals[interval] ?? interval}あたり ${amount(number(limit), limit, unit)}${each ? `、超過分は 1 単位 ${each}` : ''}`
        }
        case undefined: return notIncluded
        default: return terms satisfies never
      }
    },
    pricingTitle: 'プラン',
    noPlans: '提供中のプランはありません。',
    intervalLabel: '請求間隔',
    intervalName: (interval) => (interval === 'year' ? '年払い' : '月払い'),
    saving: (percent) => `最大 ${percent} お得`,
    currencyLabel: '通貨',
    planLabel: 'プラン',
    price: ({ plan, price, monthly, interval, quantity, trialDays }, { money, number }) => {
      if (!price || !monthly) return { amount: plan.contactSales ? 'お見積もり' : '無料', per: '', note: '' }
      const [whole, each] = [price, monthly].map((one) => money(one, { trailingZeroDisplay: 'stripIfInteger' }))
      const note = [
        trialDays && `${number(trialDays)} 日間無料`,
        interval && plan.prices[interval]?.perSeat && `${number(quantity)} シート分`,
        interval === 'year' && `年額 ${whole} の一括請求`,
      ]
      return { amount: each ?? '', per: '／月', note: note.filter(Boolean).join('、') }
    },
    recommended: 'おすすめ',
    planAction: ({ plan, action, standing, trialDays, interval }) => {
      if (action === 'resume') return `${plan.name} を継続`
      if (standing === 'current') return '現在のプラン'
      if (standing === 'scheduled') return '変更予定'
      if (action === 'contact') return 'お問い合わせ'
      if (action === 'ask') return askManager
      if (action === 'checkout' || standing === 'available') return trialDays ? '無料トライアルを開始' : messages.choosePlan(plan.name)
      if (standing === 'interval') return `${interval === 'year' ? '年払い' : '月払い'}に変更`
      if (action === 'none') return plan.name
      return `${plan.name} に${standing === 'upgrade' ? 'アップグレード' : 'ダウングレード'}`
    },
    columnFeatures: '内容',
    beforeTax: '税および割引の適用前の金額です。',
    seatsLabel: 'シート数',
    fewerSeats: 'シートを減らす',
    moreSeats: 'シートを増やす',
    changeTitle: (planName) => `${planName} に変更`,
    changeWhen: (preview, { date }) => {
      switch (preview.kind) {
        case 'unchanged': return 'すでにこの内容でご利用中です。'
        case 'end': return `契約は${date(preview.at)}に終了します。請求は発生しません。`
        case 'change': return preview.when === 'now' ? 'すぐに適用されます。' : `${date(preview.at)}に適用されます。それまで請求は発生しません。`
        default: return preview satisfies never
      }
    },
    discount: '割引',
    tax: '税',
    dueNow: '今回のお支払い',
    credited: '残高への加算',
    nextInvoice: '次回の請求',
    confirmChange: (due) => (due ? `確定して ${due} を支払う` : '確定'),
    back: '戻る',
    changeDone: (change, planName, { date }) => {
      switch (change.kind) {
        case 'changed': return `${planName} に変更しました。`
        case 'scheduled': return `${date(change.at)}に ${planName} へ変更されます。`
        case 'action-required': return 'まだ変更されていません。先にお支払いまたは確認が必要です。'
        case 'unchanged': return '変更はありませんでした。'
        default: return change satisfies never
      }
    },
    previewRenewed: '金額を計算し直しました。ご確認のうえ、もう一度確定してください。',
    payOrConfirm: '支払う・確認する',
    resumed: 'ご契約は継続されます。',
    notSubscribed: '解約できる契約はありません。',
    cancelPlan: '契約を解約',
    cancelTitle: (planName) => `${planName} を解約しますか？`,
    cancelThen: (planName, nextName, date) => `${planName} は${date}までご利用いただけます。その後は ${nextName} になります。`,
    lossesTitle: '縮小される内容',
    lossBecomes: '変更後',
    lossOver: (written) => `現在 ${written} をご利用中です。上限を超える分は拒否されます。`,
    confirmCancel: '期間の終了時に解約',
    keepPlan: (planName) => `${planName} を継続`,
    endsOn: (planName, date) => `${planName} は${date}に終了します。`,
    couponLabel: 'プロモーションコード',
    applyCoupon: '適用',
    removeCoupon: (code) => `${code} を削除`,
    couponRefused,

    noticeTone: (tone) => ({ critical: '緊急', warn: 'ご注意', info: 'お知らせ' })[tone],
    trialLeft: (days, { number }) => (days > 1 ? `トライアルは残り ${number(days)} 日` : 'トライアルは本日で終了'),
    notice: ({ notice, due, graceEndsAt, planName, action: what }, { date, money }) => {
      const { kind, at } = notice
      const on = at ? `${date(at)}に` : ''
      const payment = due ? `${money(due)} のお支払い` : 'お支払い'
      const until = graceEndsAt ? `${date(graceEndsAt)}にご利用いただけなくなります。` : ''
      const pay = what === 'pay' ? '今すぐ支払う' : 'お支払い方法を更新'
      switch (kind) {
        case 'access-ended': return { title: 'ご利用が停止されました', text: `${payment}を確認できませんでした。`, action: pay }
        case 'payments-mismatch': return { title: '契約に問題が発生しています', text: 'お問い合わせください。', action: '' }
        case 'trial-ended-without-card':
          return { title: 'トライアルが終了しました', text: 'お支払い方法が登録されていません。', action: 'お支払い方法を追加' }
        case 'payment-action-required':
          return { title: 'お支払いの確認が必要です', text: `${payment}が確認待ちです。${until}`, action: 'お支払いを確認' }
        case 'payment-past-due':
        case 'payment-failed': return { title: 'お支払いが遅れています', text: `${payment}を確認できませんでした。${until}`, action: pay }
        case 'paused': return { title: '契約は一時停止中です', text: `${on && `${on}再開されます。`}今すぐ再開すると、すぐに請求されることがあります。`, action: '今すぐ再開' }
        case 'cancellation-scheduled': return { title: `契約は${on}終了します`, text: '', action: '契約を継続' }
        case 'change-scheduled': return { title: `${on}${planName ? `${planName} ` : '変更'}が適用されます`, text: '', action: '現在のプランを継続' }
        case 'trial-ending': return { title: `トライアルは${on}終了します`, text: '', action: '請求を管理' }
        case 'card-expiring': return { title: `末尾 ${notice.last4} のカードは${on}期限切れになります`, text: '', action: 'カードを更新' }
        default: return kind satisfies never
      }
    },

    dashboardTitle: '請求',
    restForManagers: '請求書、お支払い、プランの変更は請求の管理者のみが利用できます。',
    sectionTitle: (section) =>
      ({
        notices: 'お知らせ', plan: 'プラン', period: '請求期間', usage: '利用状況', credits: 'クレジット', seats: 'シート',
        upcoming: '次回の請求', paymentMethods: 'お支払い方法', invoices: '請求書', planChange: 'プランを変更',
      })[section],
    seatsTitle: 'シート',
    noSeats: 'このプランにシートはありません。',
    seatsHeld: (used, limit, isOver) => `${limit === null ? used : `${used} / ${limit}`} 使用中${isOver ? '、上限を超過' : ''}`,
    forManagers: '請求の管理者のみが閲覧できます。',
    notConnected: '請求は設定されていません。',
    invoicesTitle: '請求書',
    noInvoices: '請求書はまだありません。',
    columnInvoice: '請求書',
    columnStatus: '状態',
    columnTotal: '合計',
    columnDocuments: '書類',
    invoiceStatus: (status) => ({ draft: '下書き', open: '支払い待ち', paid: '支払い済み', void: '無効', uncollectible: '未払い' })[status],
    invoiceName: (number) => `請求書 ${number}`,
    stillDue: (due) => `未払い ${due}`,
    pay: '支払う',
    payInvoice: (number) => `請求書 ${number} を支払う`,
    pdf: 'PDF',
    pdfOfInvoice: (number) => `請求書 ${number} の PDF`,
    moreInvoices: 'さらに表示',
    invoicesLoaded: (_count, written) => `請求書をさらに ${written} 件表示`,
    paymentMethodsTitle: 'お支払い方法',
    noPaymentMethods: 'お支払い方法はまだ登録されていません。',
    paymentMethod: (method) => {
      const name = methods[method.brand ?? method.kind] ?? paymentEnglish.paymentMethod({ ...method, last4: null })
      return method.last4 ? `${name}（末尾 ${method.last4}）` : name
    },
    defaultMethod: 'デフォルト',
    methodExpires: (month, isExpired) => `${isExpired ? '期限切れ' : '有効期限'} ${month}`,
    updatePaymentMethods: 'お支払い方法を更新',
    addPaymentMethod: 'お支払い方法を追加',
    upcomingTitle: '次回の請求',
    noUpcoming: '予定されている請求はありません。',
    billedOn: (date) => `${date}に請求`,
    otherLine: 'その他',
    total: '合計',
  }
  return messages
}

/** Every text in Japanese; units as the catalog calls them. */
export const japanese: Messages = /* @__PURE__ */ createJapanese()
