import * as React from 'react'

/** The elements that parts are. */
export type PartTag = keyof React.JSX.IntrinsicElements

/** What each part of a component takes, beside the props of its element. */
export interface PartOptions<State> {
  /** Another element, or a function that makes one, in place of the part's own. It receives the part's props. */
  readonly render?: React.ReactElement<object> | ((props: object, state: State) => React.ReactElement) | undefined
  /** Takes the only child in place of the part's own element, as `render` would. */
  readonly asChild?: boolean | undefined
  /** Added to the part's own; as a function, by the state of the part. */
  readonly className?: string | ((state: State) => string | undefined) | undefined
  /** As `className`. */
  readonly style?: React.CSSProperties | ((state: State) => React.CSSProperties | undefined) | undefined
}

/** Props of a part: those of its element, `ref` included (React 19; on 18.3 give a `render` element its own). */
export type PartProps<State, Tag extends PartTag = 'div'> = Omit<React.ComponentPropsWithRef<Tag>, keyof PartOptions<State>> &
  PartOptions<State>

/**
 * The element of a part: the user's props come after the part's own, and `render` after all. Class names and styles add up;
 * of two handlers of one event the user's comes first, and `preventDefault` in it keeps the part's own from running.
 */
export function part<State>(Tag: PartTag, props: PartOptions<State>, own: object, state: State): React.ReactElement {
  const { render, asChild, className, style, ...rest } = props
  const given: Props = { ...rest, className: resolve(className, state), style: resolve(style, state) }
  const child = asChild && React.Children.only(given['children'])
  if (child) delete given['children']
  const merged = mergeProps(own, given)
  if (typeof render === 'function') return render(merged, state)
  const element = render ?? child
  if (React.isValidElement<Props>(element)) return React.cloneElement(element, mergeProps(merged, element.props))
  return React.createElement(Tag, merged)
}

type Props = Record<string, unknown>

type Look = string | React.CSSProperties | undefined

function resolve<State>(value: Look | ((state: State) => Look), state: State): Look {
  return typeof value === 'function' ? value(state) : value
}

function mergeProps(own: object, given: Props): Props {
  const merged: Props = { ...own }
  for (const [name, value] of Object.entries(given)) {
    const mine = merged[name]
    if (value === undefined) continue
    if (/^on[A-Z]/.test(name) && typeof mine === 'function' && typeof value === 'function') {
      // What is not a browser's element may call it with nothing.
      merged[name] = (event?: React.SyntheticEvent) => {
        value(event)
        if (!event?.defaultPrevented) mine(event)
      }
    } else if (name === 'className') merged[name] = [mine, value].join(' ').trim()
    else if (name === 'style') merged[name] = { ...Object(mine), ...Object(value) }
    else merged[name] = value
  }
  return merged
}
