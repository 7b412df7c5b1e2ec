'use client'

/**
 * Every text in Spanish.
 *
 * @example
 * ```tsx
 * import { BillingProvider, UsageDashboard } from '@farebox/react'
 * import { spanish } from '@farebox/react/locales/es'
 *
 * export function Uso() {
 *   return (
 *     <BillingProvider locale="es-ES" timeZone="Europe/Madrid" messages={spanish} labels={{ apiCalls: 'Llamadas a la API' }}>
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

const plural = /* @__PURE__ */ createPlural<'one' | 'many'>('es')
const intervals: Readonly<Record<string, string | undefined>> = { hour: 'hora', day: 'día', week: 'semana', month: 'mes', year: 'año' }
const methods: Readonly<Record<string, string | undefined>> = { card: 'Tarjeta', sepa_debit: 'Adeudo SEPA', us_bank_account: 'Cuenta bancaria' }
const askManager = 'Consulta a quien gestiona la facturación'
const couponRefused = 'Este código no se puede usar aquí.'
const later = 'No es posible en este momento. Vuelve a intentarlo más tarde.'
const notIncluded = 'No incluido'

/** Every text in Spanish, with amounts written in your own way: what units are called is for the app to say. */
export function createSpanish(amount: Messages['amount'] = amountAsGiven): Messages {
  const messages: Messages = {
    loading: 'Cargando…',
    failed: 'No se ha podido cargar.',
    offline: 'No tienes conexión.',
    retry: 'Reintentar',
    reload: 'Recargar la página',
    problems: {
      unauthenticated: 'Primero inicia sesión.',
      forbidden: 'No tienes permiso para gestionar la facturación.',
      'rate-limited': 'Demasiados intentos. Vuelve a intentarlo dentro de un minuto.',
      'payments-failed': 'El servicio de pagos ha rechazado la operación.',
      'already-subscribed': 'Ahora no se puede cambiar así la suscripción.',
      'invalid-request': 'Los datos no son válidos.',
      'not-found': 'Aquí no hay nada.',
      'payment-past-due': 'Hay un pago vencido.',
      'plan-required': 'No está incluido en tu plan.',
      'quota-exceeded': 'Has alcanzado el límite.',
      internal: 'Algo ha ido mal.',
      plan: 'Este plan no se ofrece.',
      interval: 'El plan no se ofrece con este periodo de facturación.',
      currency: 'No se ofrece en esta moneda.',
      quantity: 'Esta cantidad no es posible aquí.',
      unavailable: later,
      overloaded: later,
      promotionCode: couponRefused,
    },
    stale: 'desactualizado',
    comma: ', ',
    empty: 'Todavía no hay nada.',
    status: (status) =>
      ({
        none: 'sin suscripción', incomplete: 'incompleta', incomplete_expired: 'caducada', trialing: 'periodo de prueba', active: 'activa',
        past_due: 'pago vencido', unpaid: 'impagada', paused: 'en pausa', canceled: 'cancelada', unknown: 'desconocido',
      })[status],
    amount,

    notIncluded: 'no incluido en tu plan',
    usage: (usage, format) => {
      const { total, limit, reserved, unit, tone } = usage
      const { number } = format
      const held = reserved ? ` (${number(reserved)} en reserva)` : ''
      const text = limit === null ? amount(number(total), total, unit) : `${number(total)} de ${amount(number(limit), limit, unit)}`
      return text + held + (tone === 'ok' ? '' : `, ${messages.left(usage, format)}`)
    },
    left: ({ limit, remaining, tone }, { number }) => {
      if (limit === null) return 'sin límite'
      if (tone === 'over') return 'límite superado'
      if (!remaining) return 'límite alcanzado'
      return `${plural(remaining, { one: 'queda', many: 'quedan', other: 'quedan' })} ${number(remaining)}`
    },
    resets: (date) => `Se restablece el ${date}`,
    usageTitle: 'Uso',
    noUsage: 'Tu plan no mide ningún uso.',
    columnFeature: 'Función',
    columnUsed: 'Usado',
    columnLeft: 'Disponible',
    ofLimit: (limit) => `de ${limit}`,
    columnPeriod: 'Periodo desde',
    columnOverage: 'Exceso',
    historyTitle: (label) => `Evolución de ${label}`,
    noHistory: 'Aún no se ha usado nada.',
    download: 'Descargar CSV',
    creditsTitle: 'Créditos',
    ledgerTitle: 'Créditos, en el orden en que se usan',
    noCredits: 'No hay créditos.',
    creditsExpire: (written, remaining, date) => `${written} ${plural(remaining, { one: 'caduca', many: 'caducan', other: 'caducan' })} el ${date}`,
    neverExpires: 'Sin caducidad',
    leftOf: (remaining, total) => `${remaining} de ${total}`,
    columnCredits: 'Créditos para',
    columnRemaining: 'Disponible',
    columnExpires: 'Caduca',

    noSubscription: 'sin suscripción',
    period: ({ start, end, next }) => `${start} – ${end}, ${next === 'renews' ? 'después se renueva' : 'después finaliza'}`,
    choosePlan: (planName) => `Elegir ${planName}`,
    manageBilling: 'Gestionar la facturación',
    askManager,
    actionFailed: 'Algo ha fallado. Vuelve a intentarlo.',
    dismiss: 'Ahora no',
    upgrade: ({ reason, action, planName, limit, unit }, feature, { number }) =>
      reason === 'payment-past-due'
        ? { title: 'Pago vencido', text: '', action: 'Actualizar el pago' }
        : {
            title: `${feature}: ${reason === 'plan-required' ? messages.notIncluded : 'límite alcanzado'}`,
            text: action === 'ask' ? `${askManager}.` : limit === null ? `Incluido en ${planName}.` : `${planName} incluye ${amount(number(limit), limit, unit ?? '')}.`,
            action: `Pasar a ${planName}`,
          },
    terms: (terms, format) => {
      const { number, money } = format
      switch (terms?.kind) {
        case 'toggle': return terms.on ? 'Incluido' : notIncluded
        case 'setting': return termsEnglish.terms(terms, format)
        case 'seats':
          if (terms.limit === null) return terms.paid ? 'Tantas como contrates' : 'Ilimitadas'
          return terms.limit ? `Hasta ${number(terms.limit)}` : notIncluded
        case 'metered': {
          const { limit, unit, interval, overage } = terms
          if (limit === null) return 'Ilimitado'
          const each = overage && money({ ...overage, amount: Number(overage.amount) }, { maximumFractionDigits: 12 })
          if (!limit) return each ? `${each} por ${unit}` : notIncluded
          return `${amount(number(limit), limit, unit)} por ${intervals[interval] ?? interval}${each ? `, después ${each} por unidad` : ''}`
        }
        case undefined: return notIncluded
        default: return terms satisfies never
      }
    },
    pricingTitle: 'Planes',
    noPlans: 'No se ofrece ningún plan.',
    intervalLabel: 'Periodo de facturación',
    intervalName: (interval) => (interval === 'year' ? 'Anual' : 'Mensual'),
    saving: (percent) => `ahorra hasta un ${percent}`,
    currencyLabel: 'Moneda',
    planLabel: 'Plan',
    price: ({ plan, price, monthly, interval, quantity, trialDays }, { money, number }) => {
      if (!price || !monthly) return { amount: plan.contactSales ? 'A medida' : 'Gratis', per: '', note: '' }
      const [whole, each] = [price, monthly].map((one) => money(one, { trailingZeroDisplay: 'stripIfInteger' }))
      const note = [
        trialDays && `${number(trialDays)} ${plural(trialDays, { one: 'día', many: 'de días', other: 'días' })} gratis`,
        interval && plan.prices[interval]?.perSeat && `por ${number(quantity)} ${plural(quantity, { one: 'plaza', many: 'de plazas', other: 'plazas' })}`,
        interval === 'year' && `${whole} facturados al año`,
      ]
      return { amount: each ?? '', per: 'al mes', note: note.filter(Boolean).join(', ') }
    },
    recommended: 'Recomendado',
    planAction: ({ plan, action, standing, trialDays, interval }) => {
      if (action === 'resume') return `Mantener ${plan.name}`
      if (standing === 'current') return 'Plan actual'
      if (standing === 'scheduled') return 'Programado'
      if (action === 'contact') return 'Contactar'
      if (action === 'ask') return askManager
      if (action === 'checkout' || standing === 'available') return trialDays ? 'Empezar la prueba gratuita' : messages.choosePlan(plan.name)
      if (standing === 'interval') return `Cambiar a facturación ${interval === 'year' ? 'anual' : 'mensual'}`
      if (action === 'none') return plan.name
      return standing === 'upgrade' ? `Mejorar a ${plan.name}` : `Cambiar a ${plan.name}`
    },
    columnFeatures: 'Qué incluye',
    beforeTax: 'Antes de impuestos y descuentos.',
    seatsLabel: 'Plazas',
    fewerSeats: 'Menos plazas',
    moreSeats: 'Más plazas',
    changeTitle: (planName) => `Cambiar a ${planName}`,
    changeWhen: (preview, { date }) => {
      switch (preview.kind) {
        case 'unchanged': return 'Esto es lo que ya tienes.'
        case 'end': return `Tu suscripción finaliza el ${date(preview.at)}. No se cobra nada.`
        case 'change': return preview.when === 'now' ? 'Se aplica de inmediato.' : `Se aplica el ${date(preview.at)}. Hasta entonces no se cobra nada.`
        default: return preview satisfies never
      }
    },
    discount: 'Descuento',
    tax: 'Impuestos',
    dueNow: 'A pagar ahora',
    credited: 'Saldo a tu favor',
    nextInvoice: 'Próxima factura',
    confirmChange: (due) => (due ? `Confirmar y pagar ${due}` : 'Confirmar'),
    back: 'Volver',
    changeDone: (change, planName, { date }) => {
      switch (change.kind) {
        case 'changed': return `Ya tienes ${planName}.`
        case 'scheduled': return `Pasarás a ${planName} el ${date(change.at)}.`
        case 'action-required': return 'Todavía no ha cambiado nada: antes hay que realizar o confirmar un pago.'
        case 'unchanged': return 'No había nada que cambiar.'
        default: return change satisfies never
      }
    },
    previewRenewed: 'Los importes se han vuelto a calcular. Revísalos y confirma después.',
    payOrConfirm: 'Pagar o confirmar',
    resumed: 'Tu suscripción continúa.',
    notSubscribed: 'No hay ninguna suscripción que cancelar.',
    cancelPlan: 'Cancelar la suscripción',
    cancelTitle: (planName) => `¿Cancelar ${planName}?`,
    cancelThen: (planName, nextName, date) => `Conservas ${planName} hasta el ${date}. Después tendrás ${nextName}.`,
    lossesTitle: 'Lo que se reduce',
    lossBecomes: 'pasa a ser',
    lossOver: (written) => `Ahora usas ${written}: lo que exceda se rechazará.`,
    confirmCancel: 'Cancelar al final del periodo',
    keepPlan: (planName) => `Mantener ${planName}`,
    endsOn: (planName, date) => `${planName} finaliza el ${date}.`,
    couponLabel: 'Código promocional',
    applyCoupon: 'Aplicar',
    removeCoupon: (code) => `Quitar ${code}`,
    couponRefused,

    noticeTone: (tone) => ({ critical: 'Urgente', warn: 'Atención', info: 'Aviso' })[tone],
    trialLeft: (days, { number }) =>
      days > 1
        ? plural(days, { one: `Queda ${number(days)} día de prueba`, many: `Quedan ${number(days)} de días de prueba`, other: `Quedan ${number(days)} días de prueba` })
        : 'Último día de tu prueba',
    notice: ({ notice, due, graceEndsAt, planName, action: what }, { date, money }) => {
      const { kind, at } = notice
      const on = at ? ` el ${date(at)}` : ''
      const payment = due ? `Tu pago de ${money(due)}` : 'Tu pago'
      const until = graceEndsAt ? ` El acceso finaliza el ${date(graceEndsAt)}.` : ''
      const pay = what === 'pay' ? 'Pagar ahora' : 'Actualizar el pago'
      switch (kind) {
        case 'access-ended': return { title: 'Acceso finalizado', text: `${payment} no se ha recibido.`, action: pay }
        case 'payments-mismatch': return { title: 'Hay un problema con tu suscripción', text: 'Ponte en contacto con nosotros.', action: '' }
        case 'trial-ended-without-card':
          return { title: 'Tu prueba ha terminado', text: 'No se indicó ningún método de pago.', action: 'Añadir un método de pago' }
        case 'payment-action-required':
          return { title: 'Confirma tu pago', text: `${payment} está pendiente de tu confirmación.${until}`, action: 'Confirmar el pago' }
        case 'payment-past-due':
        case 'payment-failed': return { title: 'Pago vencido', text: `${payment} no se ha recibido.${until}`, action: pay }
        case 'paused': return { title: 'Suscripción en pausa', text: `${on && `Se reanuda${on}. `}Si la reanuda ahora, puede cobrarse al momento.`, action: 'Reanudar ahora' }
        case 'cancellation-scheduled': return { title: `Tu suscripción finaliza${on}`, text: '', action: 'Mantener la suscripción' }
        case 'change-scheduled': return { title: `${planName ?? 'Un cambio'} comienza${on}`, text: '', action: 'Mantener el plan actual' }
        case 'trial-ending': return { title: `Tu prueba finaliza${on}`, text: '', action: 'Gestionar la facturación' }
        case 'card-expiring': return { title: `Tu tarjeta terminada en ${notice.last4} caduca${on}`, text: '', action: 'Actualizar la tarjeta' }
        default: return kind satisfies never
      }
    },

    dashboardTitle: 'Facturación',
    restForManagers: 'Las facturas, los pagos y los cambios de plan son para quienes gestionan la facturación.',
    sectionTitle: (section) =>
      ({
        notices: 'Avisos', plan: 'Plan', period: 'Periodo de facturación', usage: 'Uso', credits: 'Créditos', seats: 'Plazas',
        upcoming: 'Próxima factura', paymentMethods: 'Método de pago', invoices: 'Facturas', planChange: 'Cambiar de plan',
      })[section],
    seatsTitle: 'Plazas',
    noSeats: 'Este plan no incluye plazas.',
    seatsHeld: (used, limit, isOver) => `${limit === null ? used : `${used} de ${limit}`} en uso${isOver ? ', límite superado' : ''}`,
    forManagers: 'Solo pueden verlo quienes gestionan la facturación.',
    notConnected: 'La facturación no está configurada.',
    invoicesTitle: 'Facturas',
    noInvoices: 'Todavía no hay facturas.',
    columnInvoice: 'Factura',
    columnStatus: 'Estado',
    columnTotal: 'Total',
    columnDocuments: 'Documentos',
    invoiceStatus: (status) => ({ draft: 'Borrador', open: 'Pendiente', paid: 'Pagada', void: 'Anulada', uncollectible: 'Impagada' })[status],
    invoiceName: (number) => `Factura ${number}`,
    stillDue: (due) => `${due} por pagar`,
    pay: 'Pagar',
    payInvoice: (number) => `Pagar la factura ${number}`,
    pdf: 'PDF',
    pdfOfInvoice: (number) => `PDF de la factura ${number}`,
    moreInvoices: 'Mostrar más',
    invoicesLoaded: (count, written) =>
      plural(count, { one: `${written} factura más`, many: `${written} de facturas más`, other: `${written} facturas más` }),
    paymentMethodsTitle: 'Método de pago',
    noPaymentMethods: 'Todavía no hay ningún método de pago.',
    paymentMethod: (method) => {
      const name = methods[method.brand ?? method.kind] ?? paymentEnglish.paymentMethod({ ...method, last4: null })
      return method.last4 ? `${name} acabado en ${method.last4}` : name
    },
    defaultMethod: 'Predeterminado',
    methodExpires: (month, isExpired) => `${isExpired ? 'Caducó en' : 'Caduca en'} ${month}`,
    updatePaymentMethods: 'Actualizar el método de pago',
    addPaymentMethod: 'Añadir un método de pago',
    upcomingTitle: 'Próxima factura',
    noUpcoming: 'No hay ninguna factura próxima.',
    billedOn: (date) => `El ${date}`,
    otherLine: 'Otros',
    total: 'Total',
  }
  return messages
}

/** Every text in Spanish; units as the catalog calls them. */
export const spanish: Messages = /* @__PURE__ */ createSpanish()
