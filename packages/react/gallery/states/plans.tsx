import type { GalleryStates } from '../gallery-states.ts'

/** Every state of the components about plans. */
export const plansStates: GalleryStates = {}
