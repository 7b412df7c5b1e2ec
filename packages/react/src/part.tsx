import * as React from 'react'

/** The elements that parts are. */
export type PartTag = 'div' | 'span'

/** What each part of a component takes, beside the props of its element. */
export interface PartOptions<State> {
  /** Another element, or a function that makes one, in place of the part's own. It receives the part's props. */
  readonly render?: React.ReactElement<object> | ((props: object, state: State) => React.ReactElement)
}

/** Props of a part: those of its element, `ref` included (React 19; on 18.3 give a `render` element its own). */
export type PartProps<State, Tag extends PartTag = 'div'> = React.ComponentPropsWithRef<Tag> & PartOptions<State>

/** The element of a part: the user's props come after the part's own, and `render` after all. */
export function part<State>(Tag: PartTag, { render, ...rest }: PartOptions<State>, own: object, state: State): React.ReactElement {
  const props = { ...own, ...rest }
  if (typeof render === 'function') return render(props, state)
  return render ? React.cloneElement(render, { ...props, ...render.props }) : <Tag {...props} />
}
