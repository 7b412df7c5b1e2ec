/** A header field by its lower-case name. */
export type ReadHeader = (name: string) => string | null | undefined
