'use client'

/**
 * The words of `AdminCustomerPanel` and of `PlanEditor` in Spanish. Those that all components share, such as statuses, come from
 * the provider.
 *
 * @example
 * ```tsx
 * import { BillingProvider } from '@farebox/react'
 * import { AdminCustomerPanel } from '@farebox/react/admin'
 * import { adminSpanish } from '@farebox/react/admin/locales/es'
 * import { spanish } from '@farebox/react/locales/es'
 *
 * export function Soporte() {
 *   return (
 *     <BillingProvider locale="es-ES" timeZone="Europe/Madrid" messages={spanish} labels={{ apiCalls: 'Llamadas a la API' }}>
 *       <AdminCustomerPanel messages={adminSpanish} />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
import { createPlural } from '../../locales/plural.ts'
import type { AdminMessages } from '../admin-messages.ts'

export { planEditorSpanish } from './plan-editor-es.ts'

const plural = /* @__PURE__ */ createPlural<'one' | 'many'>('es')
const later = 'No es posible en este momento. Vuelve a intentarlo más tarde.'
const futureDay = 'Elige un día futuro.'

/** The words of `AdminCustomerPanel` in Spanish. */
export const adminSpanish: AdminMessages = {
  searchLabel: 'Buscar un cliente',
  searchHint: 'El ID completo, el ID de Stripe o la dirección de correo.',
  searchAction: 'Buscar',
  resultsTitle: 'Clientes encontrados',
  found: (count, written) => `${written} ${plural(count, { one: 'cliente encontrado', many: 'de clientes encontrados', other: 'clientes encontrados' })}`,
  noCustomers: (search) => `Nadie tiene el ID ni la dirección de correo «${search}».`,
  backToResults: 'Volver a los resultados',
  refusals: {
    unauthenticated: 'Has cerrado la sesión.',
    forbidden: 'No eres administrador.',
    'invalid-request': 'Los datos no son válidos.',
    'idempotency-conflict': 'La clave ya corresponde a otra cosa.',
    'not-found': 'Nadie tiene este ID, o las rutas de administración están cerradas: indica en createFarebox quién es administrador.',
    'rate-limited': 'Demasiados intentos. Vuelve a intentarlo dentro de un minuto.',
    'payments-failed': 'El servicio de pagos ha rechazado la operación.',
    internal: 'Algo ha ido mal.',
    overloaded: later,
    unavailable: later,
  },
  fieldFaults: {
    amount: 'Escribe un número entero a partir de 1.',
    expiresAt: futureDay,
    until: futureDay,
    feature: 'Elige una función que se mida.',
    plan: 'Este plan no existe.',
    key: 'La clave corresponde a otra cosa o es demasiado larga.',
    reason: 'Escribe 500 caracteres como máximo.',
  },
  unreachable: 'No se ha podido contactar con el servidor.',
  customerId: 'Cliente',
  email: 'Correo',
  paymentCustomer: 'Cliente de Stripe',
  planOf: (source) => ({ default: 'como todos', subscription: 'por suscripción', override: 'regalado' })[source],
  subscription: 'Suscripción',
  period: 'Periodo de facturación',
  periodOf: (start, end) => `del ${start} al ${end}`,
  trialEnds: 'Fin de la prueba',
  balancesTitle: 'Saldos',
  noBalances: 'El catálogo no mide ninguna función.',
  othersTitle: 'Otras funciones',
  included: 'incluido',
  notIncluded: 'no incluido',
  usedOf: (used, limit) => `${used} de ${limit} en uso`,
  unlimited: 'ilimitado',
  columnSource: 'Origen, en el orden en que se usa',
  columnAmount: 'Cantidad',
  columnUsed: 'Usado',
  columnReserved: 'Reservado',
  columnLeft: 'Disponible',
  columnEnds: 'Finaliza',
  columnActions: 'Acciones',
  sourceOf: (source) => ({ allowance: 'Cuota del plan', grant: 'Crédito concedido', pack: 'Paquete', overage: 'Exceso, se factura' })[source],
  never: 'sin caducidad',
  overridesTitle: 'Planes regalados',
  noOverrides: 'No se ha regalado ninguno.',
  overrideUntil: (until) => (until === null ? 'hasta que se finalice' : `hasta el ${until}`),
  overrideEnded: (at) => `finalizado el ${at}`,
  auditTitle: 'Los últimos 100 cambios a mano',
  noAudit: 'No se ha cambiado nada a mano.',
  audit: (action, { name, amount, until }) => {
    const end = until === null ? '' : ` hasta el ${until}`
    switch (action) {
      case 'grant': return `Crédito concedido: ${amount} ${name}${end}`
      case 'void-grant': return `Crédito anulado: ${amount} ${name}`
      case 'override': return `Plan regalado: ${name}${end}`
      case 'end-override': return `Plan finalizado: ${name}`
      default: return action satisfies never
    }
  },
  app: 'la aplicación',
  change: (change, name) => {
    switch (change) {
      case 'grant': return { title: `Conceder crédito a ${name}`, text: '', action: 'Conceder', done: 'Se ha concedido el crédito' }
      case 'override':
        return { title: `Regalar un plan a ${name}`, text: 'Un plan superior de pago tiene prioridad.', action: 'Regalar el plan', done: 'Se ha regalado el plan' }
      case 'void-grant':
        return {
          title: `¿Anular «${name}»?`,
          text: 'No se descontará nada más; lo que se usó queda usado. Su clave no volverá a conceder nada.',
          action: 'Anular el crédito', done: 'Se ha anulado el crédito',
        }
      case 'end-override':
        return { title: `¿Finalizar ${name}?`, text: 'Desde ahora el cliente tiene su otro plan.', action: 'Finalizar el plan', done: 'El plan ha finalizado' }
      default: return change satisfies never
    }
  },
  grantAction: 'Conceder crédito',
  overrideAction: 'Regalar un plan',
  voidAction: 'Anular',
  voidNamed: (grant) => `Anular ${grant}`,
  endAction: 'Finalizar',
  endNamed: (plan) => `Finalizar ${plan}`,
  fieldFeature: 'Función',
  fieldPlan: 'Plan',
  fieldAmount: 'Cantidad',
  fieldEnds: 'Finaliza el',
  endsHint: 'Al comenzar ese día en UTC. Sin fecha no finaliza por sí solo.',
  fieldReason: 'Motivo',
  reasonHint: 'Para el historial. Los clientes nunca lo ven.',
  fieldKey: 'Clave',
  keyHint: 'Nombra el motivo, por ejemplo un tique. La misma clave cuenta una sola vez.',
  keyEnded: 'No se ha concedido nada: lo que esta clave nombraba ha finalizado. Elige otra.',
  cancel: 'Cancelar',
}
