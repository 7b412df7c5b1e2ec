import type { GalleryStates } from '../gallery-states.ts'

/** Every state of the components about account. */
export const accountStates: GalleryStates = {}
