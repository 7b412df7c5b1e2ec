import type { Payments } from '@farebox/core'

/** Payments that sell to anybody and remember nothing. A test says what is otherwise. */
export const sellingPayments: Payments = {
  createCustomer: async () => ({ paymentCustomer: 'cus_1' }),
  readCustomer: async () => ({ customer: 'ann', deleted: false, subscriptions: [] }),
  listCustomers: async () => ({ customers: [], next: null }),
  findPromotionCode: async () => undefined,
  createCheckout: async () => ({ id: 'cs_1', url: 'https://pay.example.com/cs_1', status: 'open', expiresAt: Date.UTC(2100, 0, 1) }),
  readPurchases: async () => ({ purchases: [], payments: [] }),
  createPackCheckout: async () => Promise.reject(new Error('no packs here')),
  findCheckout: async () => undefined,
  expireCheckout: async () => ({ id: 'cs_1', url: null, status: 'expired', expiresAt: 0 }),
  planSteps: async () => ({ kind: 'steps', steps: [] }),
  runStep: async () => ({ kind: 'done' }),
  findStep: async () => undefined,
  previewChange: async () => Promise.reject(new Error('nothing to preview here')),
  listInvoices: async () => ({ invoices: [], next: null }),
  findUpcoming: async () => null,
  listPaymentMethods: async () => [],
  createPortal: async () => ({ url: 'https://pay.example.com/portal' }),
  findPaymentCustomer: async () => null,
  readDelivery: async () => Promise.reject(new Error('no deliveries here')),
}
