import type { ReactElement } from 'react'

/** Every state of one family of components, by the name of component and state: `'UsageBar, over the limit'`. */
export type GalleryStates = Readonly<Record<string, () => ReactElement>>
