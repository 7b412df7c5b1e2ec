'use client'

/**
 * The words of `AdminCustomerPanel` and of `PlanEditor` in Japanese. Those that all components share, such as statuses, come from
 * the provider.
 *
 * @example
 * ```tsx
 * import { BillingProvider } from '@farebox/react'
 * import { AdminCustomerPanel } from '@farebox/react/admin'
 * import { adminJapanese } from '@farebox/react/admin/locales/ja'
 * import { japanese } from '@farebox/react/locales/ja'
 *
 * export function Support() {
 *   return (
 *     <BillingProvider locale="ja-JP" timeZone="Asia/Tokyo" messages={japanese} labels={{ apiCalls: 'API 呼び出し' }}>
 *       <AdminCustomerPanel messages={adminJapanese} />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
import type { AdminMessages } from '../admin-messages.ts'

export { planEditorJapanese } from './plan-editor-ja.ts'

const later = '現在ご利用いただけません。しばらくしてからもう一度お試しください。'
const futureDay = '未来の日付を選択してください。'

/** The words of `AdminCustomerPanel` in Japanese. Nouns and verbs have one form for every count. */
export const adminJapanese: AdminMessages = {
  searchLabel: '顧客を検索',
  searchHint: '顧客 ID、Stripe の ID、メールアドレスのいずれかを省略せずに入力してください。',
  searchAction: '検索',
  resultsTitle: '見つかった顧客',
  found: (_count, written) => `${written} 件の顧客が見つかりました`,
  noCustomers: (search) => `ID またはメールアドレスが「${search}」の顧客は見つかりません。`,
  backToResults: '検索結果に戻る',
  refusals: {
    unauthenticated: 'サインアウトしています。',
    forbidden: '管理者権限がありません。',
    'invalid-request': '入力内容に誤りがあります。',
    'idempotency-conflict': 'このキーは別の内容に使われています。',
    'not-found': 'この ID の顧客がいないか、管理者用のルートが閉じています。createFarebox で管理者を指定してください。',
    'rate-limited': '試行回数が多すぎます。1 分後にもう一度お試しください。',
    'payments-failed': '決済サービスで受け付けられませんでした。',
    internal: '問題が発生しました。',
    overloaded: later,
    unavailable: later,
  },
  fieldFaults: {
    amount: '1 以上の整数を入力してください。',
    expiresAt: futureDay,
    until: futureDay,
    feature: '計測される機能を選択してください。',
    plan: 'このプランはありません。',
    key: 'このキーは別の内容に使われているか、長すぎます。',
    reason: '500 文字以内で入力してください。',
  },
  unreachable: 'サーバーに接続できませんでした。',
  customerId: '顧客',
  email: 'メールアドレス',
  paymentCustomer: 'Stripe の顧客',
  planOf: (source) => ({ default: '標準', subscription: '契約中', override: '無償提供' })[source],
  subscription: '契約',
  period: '請求期間',
  periodOf: (start, end) => `${start}～${end}`,
  trialEnds: 'トライアルの終了',
  balancesTitle: '残高',
  noBalances: '計測される機能はカタログにありません。',
  othersTitle: 'その他の機能',
  included: '含まれています',
  notIncluded: '含まれていません',
  usedOf: (used, limit) => `${used} / ${limit} 使用済み`,
  unlimited: '無制限',
  columnSource: '内訳（使用される順）',
  columnAmount: '数量',
  columnUsed: '使用済み',
  columnReserved: '予約済み',
  columnLeft: '残り',
  columnEnds: '終了',
  columnActions: '操作',
  sourceOf: (source) => ({ allowance: 'プランの利用枠', grant: '付与', pack: 'パック', overage: '超過分（請求対象）' })[source],
  never: '期限なし',
  overridesTitle: '無償提供のプラン',
  noOverrides: '無償提供のプランはありません。',
  overrideUntil: (until) => (until === null ? '終了するまで有効' : `${until}まで有効`),
  overrideEnded: (at) => `${at}に終了`,
  auditTitle: '直近 100 件の操作',
  noAudit: '手動での変更はありません。',
  audit: (action, { name, amount, until }) => {
    const end = until === null ? '' : `（${until}まで）`
    switch (action) {
      case 'grant': return `${name} を ${amount} 付与${end}`
      case 'void-grant': return `${name} ${amount} の付与を取り消し`
      case 'override': return `${name} を無償提供${end}`
      case 'end-override': return `${name} の無償提供を終了`
      default: return action satisfies never
    }
  },
  app: 'アプリ',
  change: (change, name) => {
    switch (change) {
      case 'grant': return { title: `${name} に付与`, text: '', action: '付与する', done: '付与しました' }
      case 'override':
        return { title: `${name} にプランを無償提供`, text: '支払い済みの上位プランがある場合は、そちらが優先されます。', action: 'プランを提供する', done: 'プランを提供しました' }
      case 'void-grant':
        return {
          title: `「${name}」を取り消しますか？`,
          text: '今後は使用されなくなります。使用済みの分はそのまま残り、同じキーで再び付与されることはありません。',
          action: '付与を取り消す', done: '付与を取り消しました',
        }
      case 'end-override':
        return { title: `${name} を終了しますか？`, text: 'すぐに元のプランに戻ります。', action: 'プランを終了する', done: 'プランを終了しました' }
      default: return change satisfies never
    }
  },
  grantAction: '追加で付与',
  overrideAction: 'プランを無償提供',
  voidAction: '取り消す',
  voidNamed: (grant) => `${grant} を取り消す`,
  endAction: '終了する',
  endNamed: (plan) => `${plan} を終了する`,
  fieldFeature: '機能',
  fieldPlan: 'プラン',
  fieldAmount: '数量',
  fieldEnds: '終了日',
  endsHint: 'この日の始まり（UTC）に終了します。指定しない場合、自動では終了しません。',
  fieldReason: '理由',
  reasonHint: '操作履歴に記録されます。顧客には表示されません。',
  fieldKey: 'キー',
  keyHint: 'チケット番号など、目的を表す名前です。同じキーは 1 回だけ有効です。',
  keyEnded: '何も付与されませんでした。このキーの内容はすでに終了しています。別のキーを指定してください。',
  cancel: 'キャンセル',
}
