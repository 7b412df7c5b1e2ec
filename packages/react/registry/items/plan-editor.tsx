'use client'

import { PlanEditor as Editor, type PlanEditorProps } from '@farebox/react/admin'
import { billing, join } from './classes'

const layout =
  'grid gap-4 [&_fieldset]:grid [&_fieldset]:gap-3 [&_label]:grid [&_label]:gap-1 [&_dl]:grid [&_dl]:gap-2 [&_ul]:grid [&_ul]:gap-3 ' +
  '[&_details]:rounded-xl [&_details]:border [&_details]:p-4 [&_summary]:cursor-pointer [&_summary]:font-medium'

/** Edits the plans of a catalog as data, and shows what pushing it would do. */
export function PlanEditor(props: PlanEditorProps) {
  return (
    <div className={join(billing, layout)}>
      <Editor {...props} />
    </div>
  )
}
