// What a plain count does not need, loaded when it is first asked for.

export { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
export { runOperation } from '../../storage/counting/run-operation.ts'
export { readHistory, readUsage } from './read-usage.ts'
