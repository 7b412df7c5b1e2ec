import type { CatalogMessages } from '../catalog-messages.ts'
import type { PlanEditorMessages } from '../plan-editor-messages.ts'
import { type FaultTexts, faultText } from './fault-text.ts'

const intervals = { month: '月払い', year: '年払い' } as const
const fields = { name: '名前', description: '説明', active: '有効状態', metadata: 'メタデータ' } as const

const faults: FaultTexts = {
  text: '1～$1 文字で入力してください。',
  whole: '$1～$2 の整数を入力してください。',
  name: 'キーは英小文字で始め、続けて 63 文字以内の英数字とハイフンで指定してください。',
  reserved: '別のキーを指定してください。この名前は JavaScript で使われています。',
  unknown: '該当するものがありません。指定できるもの：$1。',
  noDefault: 'ほかのプランがない顧客のために、デフォルトのプランを 1 つ指定してください。',
  manyDefaults: 'デフォルトにできるプランは 1 つだけです：$1。',
  defaultFree: 'デフォルトのプランに価格は設定できません。支払いを選んだ人がいないためです。',
  defaultSales: 'デフォルトのプランは全員に適用されます。',
  trialPrice: 'トライアルの後に適用される価格が必要です。',
  money: '金額を小数点付きで入力してください（例：29.90）。',
  steps: '0 より大きい金額を入力してください（$1、最小単位で $2 刻み）。無料プランに価格は不要です。',
  unitPrice: '1 単位の価格を小数点付きで入力してください（例：0.10）。',
  aboveZero: '0 より大きい価格を入力してください。',
  tierCosts: '少なくとも 1 つの段階を有料にしてください。',
  currencyOnce: '同じ通貨は 1 回だけ指定してください。',
  currenciesDiffer: 'プラン内ではすべて同じ通貨を同じ順序で指定してください：$1。',
  paidSeats: 'シートの購入は、プランのすべての価格がシートごとの場合にのみ設定できます。',
  seats: 'シート数、「無制限」、「購入した数だけ」のいずれかを指定してください。',
  unlimitedOverage: '無制限の利用枠に超過はありません。',
  noFeature: 'この機能はカタログにありません。',
  gateForm: '100/minute のように入力してください。単位は second、minute、hour、day です。',
  gateLimit: '上限は 1～$1、3 つ目の数値は上限以下で指定してください。',
  gateRate: '1 マイクロ秒あたり 1 回までで指定してください。',
  gateTwice: '制限 $1 が重複しています。',
  gateMetered: 'レート制限は計測される機能にのみ設定できます。',
  gateFeature: 'プランにこの機能が含まれていないため、制限は効果がありません。',
  packMetered: 'パックに入れられるのは計測される機能のみです。',
  packEmpty: '数量を少なくとも 1 つ指定してください。',
  samePair: '異なる 2 つのプランを指定してください。',
  prorated: '期間の終了時に日割りは行われません。',
  closed: 'この状態の契約では利用できません。',
}

/** The words of `PlanEditor` in Japanese. Nouns and verbs have one form for every count. */
export const planEditorJapanese: PlanEditorMessages & CatalogMessages = {
  plansTitle: 'プラン（下位から順）',
  undo: '元に戻す',
  undone: '元に戻しました',
  moveUp: (plan) => `${plan} を上へ移動`,
  moveDown: (plan) => `${plan} を下へ移動`,
  remove: '削除',
  removePlan: (plan) => `${plan} を削除`,
  planRemoved: (plan) => `${plan} を削除しました。「元に戻す」で復元できます。`,
  planMoved: (plan, place, of) => `${plan} は ${of} 件中 ${place} 番目のプランです`,
  addPlan: 'プランを追加',
  planKey: '新しいプランのキー',
  planKeyHint: 'コードでの名前です（例：team）。後から変更できません。',
  keyTaken: 'このキーのプランはすでにあります。',
  fault: (fault) => faultText(fault, faults),
  faults: (_count, written) => `要修正 ${written} 件`,
  isDefault: 'デフォルト：ほかのプランがない全員に適用',
  isRecommended: 'おすすめ',
  contactSales: '直接販売しない（お問い合わせのみ）',
  noPrice: '価格なし',
  name: '名前',
  description: '説明',
  trialDays: 'トライアル日数',
  trialRequiresCard: 'トライアル開始時にカードを登録',
  pricesTitle: '価格',
  currencies: '通貨',
  currenciesHint: '主な通貨を先に指定：usd, eur',
  sold: (interval) => `${intervals[interval]}で販売`,
  price: (interval, currency) => `${intervals[interval]}の価格、${currency}`,
  tierPrice: (interval, currency, place) => `${intervals[interval]}のシート価格、${currency}、段階 ${place}`,
  tierEnd: (interval, place) => `${intervals[interval]}の最終シート、段階 ${place}`,
  tiersMode: (interval) => `${intervals[interval]}の段階の数え方`,
  tiersModeOf: (mode) => (mode === 'graduated' ? 'シートごとに該当する段階の価格' : '総数に応じた段階の価格を全シートに適用'),
  addTier: (interval) => `${intervals[interval]}の段階を追加`,
  removeTier: (interval) => `${intervals[interval]}の最後の段階を削除`,
  perSeat: (interval) => `${intervals[interval]}をシートごとに課金`,
  minimumSeats: (interval) => `${intervals[interval]}の最小シート数`,
  each: (price, interval) => `${intervals[interval]} ${price}`,
  featuresTitle: '内容',
  included: (feature) => feature,
  value: (feature) => `${feature}：値`,
  valueHint: 'JSON またはテキスト。',
  unlimited: (feature) => `${feature}：無制限`,
  paidSeats: (feature) => `${feature}：購入した数だけ`,
  amountOf: (feature) => `${feature}：数量`,
  per: (feature) => `${feature}：更新の間隔`,
  span: (span) => ({ hour: '1 時間ごと', day: '1 日ごと', week: '1 週間ごと', month: '1 か月ごと', year: '1 年ごと' })[span],
  overageOf: (feature, currency) => `${feature}：超過 1 単位の価格、${currency}`,
  overageHint: '空欄：超過は認められません。',
  restLoading: '機能、パック、ルールを読み込み中…',
  restFailed: '機能、パック、ルールを読み込めませんでした。',
  restRetry: '再試行',
  changesTitle: 'farebox push による変更',
  changesHint: '変更前のカタログを push したアカウントの場合です。ファイルをデプロイすると有効になります。',
  noChanges: '変更はありません。Stripe は現在のままです。',
  changesAfterFaults: '先に誤りを修正してください。',
  group: (group) =>
    ({
      create: '作成',
      replace: '価格の置き換え（以前の価格はアーカイブされ、既存の契約では引き続き有効）',
      change: '変更',
      retire: 'アーカイブ（新規購入は不可、既存の契約では引き続き有効）',
      leave: '判断が必要',
    })[group],
  tierCost: (price, end) => (end === null ? `それ以降 ${price}` : `${end} シートまで ${price}`),
  priceTerms: (cost, mode, minimum, written) => {
    const tiers = mode && (mode === 'graduated' ? 'シートごとに該当する段階' : '総数に応じた段階')
    return [cost, tiers, minimum > 1 && `最小 ${written} シート`].filter(Boolean).join('、')
  },
  step: (step, nameOf, { now, before }) => {
    const cost = before ? `${before} から ${now} に` : now
    switch (step.kind) {
      case 'product':
        if (step.action === 'leave') return `カタログから削除された ${nameOf(step.plan)} の商品`
        return `${nameOf(step.target.plan)} の商品${step.action === 'change' ? `：${step.fields.map((field) => fields[field]).join('、')}` : ''}`
      case 'price': {
        const { plan, interval } = step.action === 'retire' ? step : step.target
        const price = `${nameOf(plan)}、${interval === 'year' ? '年払い' : '月払い'}`
        return step.action === 'retire' ? price : `${price}：${cost}`
      }
      case 'pack': return step.action === 'retire' ? `パック ${nameOf(step.pack)}` : `パック ${step.target.name}：${cost}`
      case 'portal': return '請求ポータルで提供する内容'
      default: return step satisfies never
    }
  },
  fileTitle: 'カタログファイルの内容',
  copy: 'コピー',
  copied: 'コピーしました',
  notCopied: 'コピーできませんでした。テキストを選択してください。',

  featuresOfAll: 'カタログの機能',
  featuresHint: 'キーは変更できません。使用量、付与、コードはキーで結び付いています。表示名はアプリのラベルで指定します。',
  noFeatures: 'まだ機能がありません。',
  addFeature: '機能を追加',
  featureKey: '新しい機能のキー',
  featureKeyHint: 'コードでの名前です（例：apiCalls）。後から変更できません。',
  featureKeyTaken: 'このキーの機能はすでにあります。',
  featureKind: '種類',
  kindOf: (kind) => ({ metered: '期間ごとに計測', seats: '返却まで占有', toggle: 'オンまたはオフ', setting: '値' })[kind],
  removeFeature: (feature) => `機能 ${feature} を削除`,
  featureRemoved: (feature) => `${feature} を削除し、すべてのプランとパックからも取り除きました。「元に戻す」で復元できます。`,
  unit: '単位',
  unitHint: '1 つ分の呼び名：call、token など。',
  anchor: '期間の起点',
  anchorOf: (anchor) => ({ customer: '顧客の登録', calendar: '暦（UTC）', subscription: '請求期間' })[anchor],
  onError: '判定できない場合',
  onErrorRule: (rule) => (rule === 'deny' ? '拒否' : '許可'),
  acceptLossy: '計測結果が失われる可能性のある保存先を許可',
  lease: 'インスタンスが使用量をまとめて先取り',
  leaseMost: '1 回の最大量',
  leaseIdle: '保持する時間（ミリ秒）',
  gatesTitle: 'レート制限',
  gatesOf: (feature) => `${feature}：上限`,
  gatesHint: '例：100/minute, 1000/hour。3 つ目の数値は同時に許可する数です：1000/hour/50。',
  packsTitle: 'パック（買い切り）',
  noPacks: '販売中のパックはありません。',
  addPack: 'パックを追加',
  packKey: '新しいパックのキー',
  packKeyHint: 'コードでの名前です（例：small）。後から変更できません。',
  packKeyTaken: 'このキーのパックはすでにあります。',
  removePack: (pack) => `パック ${pack} を削除`,
  packRemoved: (pack) => `パック ${pack} を削除しました。「元に戻す」で復元できます。`,
  packPrice: (currency) => `価格、${currency}`,
  packGives: (feature) => `${feature}：付与する数量`,
  packGivesHint: '空欄：なし。',
  packExpires: '有効日数',
  packExpiresHint: '空欄：残りは失効しません。',
  packRefunds: '返金された場合',
  packRefundsRule: (rule) => (rule === 'void' ? '付与した分を取り消す' : '付与した分を残す'),
  rulesTitle: 'すべてのプランのルール',
  movesTitle: 'プランの変更',
  moveOf: (kind) =>
    ({
      upgrade: '上位プランへ', downgrade: '下位プランへ', longerInterval: '月払いから年払いへ', shorterInterval: '年払いから月払いへ',
      moreQuantity: 'シートの追加', lessQuantity: 'シートの削減',
    })[kind],
  moveRule: ({ when, proration }) => {
    if (when === 'period-end') return '期間の終了時'
    return { invoice: '即時、すぐに請求', 'next-invoice': '即時、次回の請求書で精算', none: '即時、日割りなし' }[proration]
  },
  pairOf: (from, to) => `${from} から ${to} へ`,
  pairFrom: '変更前のプラン',
  pairTo: '変更後のプラン',
  addPair: '2 つのプランのルールを追加',
  pairTaken: 'この 2 つのルールはすでにあるか、同じプランです。',
  removePair: (from, to) => `${from} から ${to} へのルールを削除`,
  lifecycleTitle: '問題発生中の利用',
  graceDays: '猶予日数',
  graceHint: (usual) => `未払いの請求書が発行された後の日数。空欄：${usual}。`,
  accessOf: (status) =>
    ({
      incomplete: '初回の支払い待ち', incomplete_expired: '初回の支払いなし', trialing: 'トライアル中', active: '支払い済み', past_due: '支払い遅延',
      unpaid: '再試行後も未払い', paused: '一時停止中', canceled: '解約済み', unknown: '不明',
    })[status],
  accessRule: (rule) => ({ full: '利用可', grace: '猶予期間中は利用可', none: '利用不可' })[rule],
}
