import type { GalleryStates } from '../gallery-states.ts'

/** Every state of the components about admin. */
export const adminStates: GalleryStates = {}
