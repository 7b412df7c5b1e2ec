import * as React from 'react'

/** Whether what stands here has a heading above it already. */
export const TitledContext: React.Context<boolean> = /* @__PURE__ */ React.createContext(false)

/** The title of a component; nothing where a heading above says it. */
export function OwnTitle({ children }: { readonly children: React.ReactNode }): React.ReactNode {
  return !React.useContext(TitledContext) && children
}
