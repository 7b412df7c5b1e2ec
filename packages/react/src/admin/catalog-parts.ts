export { CatalogFile } from './catalog-file.tsx'
export { CatalogRules } from './catalog-rules.tsx'
export { GateFields } from './gate-fields.tsx'
export { PushChanges } from './push-changes.tsx'
