import { createPlural } from '../../locales/plural.ts'
import type { CatalogMessages } from '../catalog-messages.ts'
import type { PlanEditorMessages } from '../plan-editor-messages.ts'
import { type FaultTexts, faultText } from './fault-text.ts'

const plural = /* @__PURE__ */ createPlural<'one' | 'many'>('es')
const intervals = { month: 'al mes', year: 'al año' } as const
const fields = { name: 'nombre', description: 'descripción', active: 'activación', metadata: 'metadatos' } as const

const faults: FaultTexts = {
  text: 'Escribe un texto de 1 a $1 caracteres.',
  whole: 'Escribe un número entero de $1 a $2.',
  name: 'Empieza la clave con una minúscula y sigue con hasta 63 letras sin tilde, cifras y guiones.',
  reserved: 'Elige otra clave: JavaScript ya usa esta.',
  unknown: 'Aquí no existe; hay: $1.',
  noDefault: 'Un plan debe ser el predeterminado, para clientes que no tienen otro.',
  manyDefaults: 'Solo un plan puede ser el predeterminado; aquí son: $1.',
  defaultFree: 'El plan predeterminado no tiene precio: nadie ha elegido pagarlo.',
  defaultSales: 'Todos tienen el plan predeterminado.',
  trialPrice: 'A una prueba debe seguirle un precio.',
  money: 'Escribe un importe solo con cifras y el separador decimal, por ejemplo 29,90.',
  steps: 'Escribe un importe mayor que cero, en $1 en pasos de $2 de la unidad mínima; un plan gratuito no tiene precio.',
  unitPrice: 'Escribe el precio de una unidad con punto decimal, por ejemplo 0.10.',
  aboveZero: 'Escribe un precio mayor que cero.',
  tierCosts: 'Al menos un tramo debe costar algo.',
  currencyOnce: 'Indica cada moneda una sola vez.',
  currenciesDiffer: 'Un plan tiene las mismas monedas y en el mismo orden en todos sus precios; aquí son: $1.',
  paidSeats: 'Las plazas solo se pagan si todos los precios del plan son por plaza.',
  seats: 'Indica un número de plazas, «sin límite» o «tantas como se paguen».',
  unlimitedOverage: 'No hay nada más allá de una cuota sin límite.',
  noFeature: 'Esta función no está en el catálogo.',
  gateForm: 'Escribe un límite como 100/minute; las unidades son second, minute, hour y day.',
  gateLimit: 'Indica un límite de 1 a $1 y un tercer número que no lo supere.',
  gateRate: 'Indica como máximo una petición por microsegundo.',
  gateTwice: 'El límite $1 aparece dos veces.',
  gateMetered: 'Solo las funciones que se miden pueden tener límites de frecuencia.',
  gateFeature: 'El plan no incluye esta función, así que el límite no tendría efecto.',
  packMetered: 'Solo las funciones que se miden pueden estar en un paquete.',
  packEmpty: 'Indica al menos una cantidad.',
  samePair: 'Indica dos planes distintos.',
  prorated: 'Al final de un periodo no se prorratea nada.',
  closed: 'Una suscripción en este estado nunca da acceso.',
}

/** The words of `PlanEditor` in Spanish. */
export const planEditorSpanish: PlanEditorMessages & CatalogMessages = {
  plansTitle: 'Planes, de menor a mayor',
  undo: 'Deshacer',
  undone: 'Deshecho',
  moveUp: (plan) => `Subir ${plan}`,
  moveDown: (plan) => `Bajar ${plan}`,
  remove: 'Quitar',
  removePlan: (plan) => `Quitar ${plan}`,
  planRemoved: (plan) => `Se ha quitado ${plan}. Con «Deshacer» vuelve.`,
  planMoved: (plan, place, of) => `${plan} es el plan ${place} de ${of}`,
  addPlan: 'Añadir un plan',
  planKey: 'Clave del nuevo plan',
  planKeyHint: 'Su nombre en el código, por ejemplo «team». No cambia.',
  keyTaken: 'Ya hay un plan con esta clave.',
  fault: (fault) => faultText(fault, faults),
  faults: (count, written) => `${written} ${plural(count, { one: 'dato por corregir', many: 'de datos por corregir', other: 'datos por corregir' })}`,
  isDefault: 'Predeterminado: para quien no tiene otro',
  isRecommended: 'Recomendado',
  contactSales: 'No se vende directamente: hay que contactar',
  noPrice: 'sin precio',
  name: 'Nombre',
  description: 'Descripción',
  trialDays: 'Prueba, en días',
  trialRequiresCard: 'La prueba empieza con una tarjeta',
  pricesTitle: 'Precios',
  currencies: 'Monedas',
  currenciesHint: 'La habitual primero: usd, eur',
  sold: (interval) => `Se vende ${intervals[interval]}`,
  price: (interval, currency) => `Precio ${intervals[interval]}, ${currency}`,
  tierPrice: (interval, currency, place) => `Plaza ${intervals[interval]}, ${currency}, tramo ${place}`,
  tierEnd: (interval, place) => `Última plaza ${intervals[interval]}, tramo ${place}`,
  tiersMode: (interval) => `Tramos ${intervals[interval]}`,
  tiersModeOf: (mode) => (mode === 'graduated' ? 'cada plaza según su tramo' : 'todas las plazas según el tramo de su número'),
  addTier: (interval) => `Añadir un tramo, ${intervals[interval]}`,
  removeTier: (interval) => `Quitar el último tramo, ${intervals[interval]}`,
  perSeat: (interval) => `Se paga por cada plaza, ${intervals[interval]}`,
  minimumSeats: (interval) => `Mínimo de plazas, ${intervals[interval]}`,
  each: (price, interval) => `${price} ${intervals[interval]}`,
  featuresTitle: 'Qué incluye',
  included: (feature) => feature,
  value: (feature) => `${feature}, valor`,
  valueHint: 'JSON o un texto.',
  unlimited: (feature) => `${feature}, sin límite`,
  paidSeats: (feature) => `${feature}, tantas como se paguen`,
  amountOf: (feature) => `${feature}, cantidad`,
  per: (feature) => `${feature}, se renueva cada`,
  span: (span) => ({ hour: 'hora', day: 'día', week: 'semana', month: 'mes', year: 'año' })[span],
  overageOf: (feature, currency) => `${feature}, cada unidad de exceso, ${currency}`,
  overageHint: 'Vacío: sin exceso.',
  restLoading: 'Cargando funciones, paquetes y reglas…',
  restFailed: 'No se han podido cargar las funciones, los paquetes y las reglas.',
  restRetry: 'Reintentar',
  changesTitle: 'Qué haría farebox push',
  changesHint: 'En una cuenta a la que se envió el catálogo anterior. Tiene efecto cuando se despliega el archivo.',
  noChanges: 'Nada: Stripe quedaría como está.',
  changesAfterFaults: 'Corrige primero lo que no es correcto.',
  group: (group) =>
    ({
      create: 'Crea',
      replace: 'Sustituye precios: los anteriores se archivan y las suscripciones los conservan',
      change: 'Cambia',
      retire: 'Archiva: ya no se puede comprar y las suscripciones lo conservan',
      leave: 'Lo deja a tu decisión',
    })[group],
  tierCost: (price, end) => (end === null ? `${price} a partir de ahí` : `${price} hasta la plaza ${end}`),
  priceTerms: (cost, mode, minimum, written) => {
    const tiers = mode && (mode === 'graduated' ? 'cada plaza según su tramo' : 'tramos según el número')
    const fewest = minimum > 1 && `mínimo ${written} ${plural(minimum, { one: 'plaza', many: 'de plazas', other: 'plazas' })}`
    return [cost, tiers, fewest].filter(Boolean).join(', ')
  },
  step: (step, nameOf, { now, before }) => {
    switch (step.kind) {
      case 'product':
        if (step.action === 'leave') return `El producto ${nameOf(step.plan)}, que ya no está en el catálogo`
        return `El producto ${nameOf(step.target.plan)}${step.action === 'change' ? `: ${step.fields.map((field) => fields[field]).join(', ')}` : ''}`
      case 'price': {
        const { plan, interval } = step.action === 'retire' ? step : step.target
        const price = `${nameOf(plan)}, ${interval === 'year' ? 'al año' : 'al mes'}`
        if (step.action === 'retire') return price
        return `${price}: ${now}${before && ` en lugar de ${before}`}`
      }
      case 'pack':
        if (step.action === 'retire') return `El paquete ${nameOf(step.pack)}`
        return `El paquete ${step.target.name}: ${now}${before && ` en lugar de ${before}`}`
      case 'portal': return 'Lo que ofrece el portal de facturación'
      default: return step satisfies never
    }
  },
  fileTitle: 'Como archivo de catálogo',
  copy: 'Copiar',
  copied: 'Copiado',
  notCopied: 'No se ha podido copiar. Selecciona el texto.',

  featuresOfAll: 'Funciones del catálogo',
  featuresHint: 'Sus claves no cambian: el uso, los créditos y el código se rigen por ellas. El nombre visible lo dan las etiquetas de la aplicación.',
  noFeatures: 'Todavía no hay ninguna.',
  addFeature: 'Añadir una función',
  featureKey: 'Clave de la nueva función',
  featureKeyHint: 'Su nombre en el código, por ejemplo «apiCalls». No cambia.',
  featureKeyTaken: 'Ya hay una función con esta clave.',
  featureKind: 'Tipo',
  kindOf: (kind) => ({ metered: 'se mide por periodo', seats: 'se ocupa hasta devolverla', toggle: 'activada o no', setting: 'un valor' })[kind],
  removeFeature: (feature) => `Quitar la función ${feature}`,
  featureRemoved: (feature) => `Se ha quitado ${feature}, también de todos los planes y paquetes. Con «Deshacer» vuelve.`,
  unit: 'Unidad',
  unitHint: 'Cómo se llama una, en singular: call, token.',
  anchor: 'Sus periodos empiezan con',
  anchorOf: (anchor) => ({ customer: 'el cliente', calendar: 'el calendario, en UTC', subscription: 'el periodo de facturación' })[anchor],
  onError: 'Si no se puede decidir',
  onErrorRule: (rule) => (rule === 'deny' ? 'rechazar' : 'permitir'),
  acceptLossy: 'Puede guardarse donde los recuentos pueden perderse',
  lease: 'Las instancias toman uso por adelantado, en bloques',
  leaseMost: 'Tamaño máximo de un bloque',
  leaseIdle: 'Un bloque se conserva, en milisegundos',
  gatesTitle: 'Límites de frecuencia',
  gatesOf: (feature) => `${feature}, como máximo`,
  gatesHint: 'Por ejemplo 100/minute, 1000/hour. Un tercer número indica cuántas a la vez: 1000/hour/50.',
  packsTitle: 'Paquetes, de pago único',
  noPacks: 'No se vende ninguno.',
  addPack: 'Añadir un paquete',
  packKey: 'Clave del nuevo paquete',
  packKeyHint: 'Su nombre en el código, por ejemplo «small». No cambia.',
  packKeyTaken: 'Ya hay un paquete con esta clave.',
  removePack: (pack) => `Quitar el paquete ${pack}`,
  packRemoved: (pack) => `Se ha quitado el paquete ${pack}. Con «Deshacer» vuelve.`,
  packPrice: (currency) => `Precio, ${currency}`,
  packGives: (feature) => `${feature}, cantidad que da`,
  packGivesHint: 'Vacío: ninguna.',
  packExpires: 'Caduca tras, en días',
  packExpiresHint: 'Vacío: lo que queda se conserva.',
  packRefunds: 'Si se reembolsa',
  packRefundsRule: (rule) => (rule === 'void' ? 'se retira lo que dio' : 'se conserva lo que dio'),
  rulesTitle: 'Reglas para todos los planes',
  movesTitle: 'Cambios de plan',
  moveOf: (kind) =>
    ({
      upgrade: 'A un plan superior', downgrade: 'A un plan inferior', longerInterval: 'De mensual a anual',
      shorterInterval: 'De anual a mensual', moreQuantity: 'Más plazas', lessQuantity: 'Menos plazas',
    })[kind],
  moveRule: ({ when, proration }) => {
    if (when === 'period-end') return 'al final del periodo'
    return { invoice: 'de inmediato, se factura ahora', 'next-invoice': 'de inmediato, en la próxima factura', none: 'de inmediato, sin prorrateo' }[proration]
  },
  pairOf: (from, to) => `De ${from} a ${to}`,
  pairFrom: 'Del plan',
  pairTo: 'Al plan',
  addPair: 'Añadir una regla para dos planes',
  pairTaken: 'Ya hay una regla para estos dos, o son el mismo.',
  removePair: (from, to) => `Quitar la regla de ${from} a ${to}`,
  lifecycleTitle: 'Acceso mientras algo falla',
  graceDays: 'Días de gracia',
  graceHint: (usual) => `Tras una factura impagada. Vacío: ${usual}.`,
  accessOf: (status) =>
    ({
      incomplete: 'Primer pago pendiente', incomplete_expired: 'Primer pago nunca realizado', trialing: 'En prueba', active: 'Pagado',
      past_due: 'Pago vencido', unpaid: 'Impagado tras todos los intentos', paused: 'En pausa', canceled: 'Cancelado', unknown: 'Desconocido',
    })[status],
  accessRule: (rule) => ({ full: 'acceso', grace: 'acceso durante los días de gracia', none: 'sin acceso' })[rule],
}
