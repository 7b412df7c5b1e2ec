// What the parts of billing have in common, in Tailwind classes and shadcn's tokens. Change it here for all of them.

/** Goes around a component: the small parts inside it carry data attributes, which these classes follow. */
export const billing = [
  'text-sm text-foreground **:data-[slot=on-demand]:contents',
  '**:data-title:font-semibold **:data-quiet:text-muted-foreground **:data-numbers:tabular-nums **:data-hidden:sr-only',
  '**:data-surface:grid **:data-surface:gap-3 **:data-surface:rounded-xl **:data-surface:border **:data-surface:bg-card **:data-surface:p-4',
  '**:data-row:flex **:data-row:flex-wrap **:data-row:items-center **:data-row:justify-between **:data-row:gap-x-4 **:data-row:gap-y-2',
  '**:data-tag:inline-block **:data-tag:w-fit **:data-tag:rounded-full **:data-tag:border **:data-tag:px-2.5 **:data-tag:text-xs',
  '[&_[data-tag][data-tone=critical]]:text-destructive **:data-[slot=action-note]:text-destructive **:data-quiet:font-normal',
  '**:data-button:inline-flex **:data-button:min-h-9 **:data-button:items-center **:data-button:rounded-md **:data-button:border',
  '**:data-button:px-3.5 **:data-button:font-medium **:data-button:cursor-pointer **:aria-disabled:opacity-60',
  '**:data-[button=primary]:border-transparent **:data-[button=primary]:bg-primary **:data-[button=primary]:text-primary-foreground',
  '**:data-[button=critical]:text-destructive **:data-[button=link]:border-0 **:data-[button=link]:px-0 **:data-[button=link]:underline',
  '**:data-table:w-full **:data-table:border-collapse **:data-scroll:overflow-x-auto',
  '[&_[data-table]_:is(th,td)]:border-b [&_[data-table]_:is(th,td)]:px-3 [&_[data-table]_:is(th,td)]:py-2 [&_[data-table]_:is(th,td)]:text-start',
  '[&_[data-table]_[data-numbers]]:text-end [&_[data-table]_:is(th,td):first-child]:ps-0 [&_[data-table]_:is(th,td):last-child]:pe-0',
  '[&_[data-table]_:is(th,td)]:align-baseline [&_tbody_th]:font-normal [&_caption]:pb-2 [&_caption]:text-start',
  '[&_:is(input,select)]:min-h-9 [&_:is(input,select)]:rounded-md [&_:is(input,select)]:border [&_:is(input,select)]:bg-background',
  '[&_:is(input,select)]:px-2.5 [&_input[type=radio]]:min-h-0 [&_label]:inline-flex [&_label]:items-center [&_label]:gap-2',
  '[&_a]:underline [&_a]:underline-offset-4 [&_td>a+a]:ms-3 [&_thead_th]:font-medium [&_thead_th]:text-muted-foreground',
  '[&_:is(a,button,input,select,summary)]:focus-visible:outline-2 [&_:is(a,button,input,select,summary)]:focus-visible:outline-ring',
  '**:data-[slot=skeleton]:grid **:data-[slot=skeleton]:gap-2 **:data-[slot=skeleton-text]:sr-only',
  '**:data-[slot=skeleton-line]:h-4 **:data-[slot=skeleton-line]:rounded **:data-[slot=skeleton-line]:bg-muted',
  '**:data-[slot=skeleton-line]:animate-pulse motion-reduce:**:data-[slot=skeleton-line]:animate-none',
  '**:data-[slot=retry]:min-h-6 **:data-[slot=retry]:font-medium **:data-[slot=retry]:underline',
  '**:data-[slot=dialog]:m-auto **:data-[slot=dialog]:w-full **:data-[slot=dialog]:max-w-lg **:data-[slot=dialog]:rounded-xl',
  '**:data-[slot=dialog]:border **:data-[slot=dialog]:bg-background **:data-[slot=dialog]:p-6 **:data-[slot=dialog]:text-foreground',
  '**:data-[slot=dialog]:backdrop:bg-black/50 **:data-[slot=actions]:flex **:data-[slot=actions]:flex-wrap **:data-[slot=actions]:gap-2',
].join(' ')

/** Two lists of classes as one. */
export function join(...classes: readonly (string | undefined)[]): string {
  return classes.filter(Boolean).join(' ')
}
