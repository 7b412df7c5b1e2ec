import type { PaymentError } from '../../payment-objects.ts'

/** A test bank account, debited days after the order: https://docs.stripe.com/testing#ach-direct-debit. */
export interface TestBankAccount {
  readonly number: string
  /** Why the debit fails in the end; undefined: it succeeds. */
  readonly failure: PaymentError | undefined
}

const accounts: ReadonlyMap<string, TestBankAccount> = new Map(
  [
    { number: '000123456789', failure: undefined },
    {
      number: '000222222227',
      failure: { code: 'debit_not_authorized', decline_code: 'insufficient_funds', message: 'The bank account has insufficient funds.' },
    },
    {
      number: '000111111113',
      failure: { code: 'account_closed', decline_code: 'account_closed', message: 'The bank account has been closed.' },
    },
  ].map((account) => [account.number, account]),
)

/** The account with a number, or undefined when it is not one that is simulated. */
export function findBankAccount(number: string): TestBankAccount | undefined {
  return accounts.get(number.replace(/[\s-]/g, ''))
}

/** Every account number that is simulated. */
export function simulatedBankAccounts(): string[] {
  return [...accounts.keys()]
}

/** Every account with what comes of a debit, for the page to offer. */
export function bankAccountChoices(): { readonly number: string; readonly outcome: string }[] {
  return [...accounts.values()].map(({ number, failure }) => {
    if (failure === undefined) return { number, outcome: 'succeeds' }
    return { number, outcome: `fails: ${failure.message.toLowerCase().replace(/\.$/, '')}` }
  })
}
