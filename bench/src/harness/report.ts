import type { Row } from './compare.ts'

/** Rows as a Markdown table whose columns also line up on a terminal. */
export function tableOf(title: string, rows: readonly Row[]): string {
  const hasLatency = rows.some((row) => row.latency !== undefined)
  const head = ['variant', 'of floor', 'min..max', 'CPU µs', 'CPU x floor', 'per second', ...(hasLatency ? ['p50 ms', 'p99 ms'] : []), 'goal']
  const lines = rows.map((row) => [
    row.name,
    digits(row.ratio.median),
    `${digits(row.ratio.smallest)}..${digits(row.ratio.largest)}`,
    digits(row.cpuMicroseconds),
    digits(row.cpuRatio),
    Math.round(row.perSecond).toLocaleString('en'),
    ...(hasLatency ? [digits(row.latency?.p50), digits(row.latency?.p99)] : []),
    goalOf(row),
  ])
  const widths = head.map((name, column) => Math.max(name.length, ...lines.map((line) => line[column]?.length ?? 0)))
  const written = [head, widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)), ...lines]
  const body = written.map((line) => `| ${line.map((cell, column) => padded(cell, widths[column] ?? 0, column === 0)).join(' | ')} |`)
  return `### ${title}\n\n${body.join('\n')}\n`
}

function goalOf({ goal, ratio }: Row): string {
  if (goal === undefined) return ''
  return `${digits(goal)} ${ratio.median >= goal ? 'met' : 'missed'}`
}

function padded(text: string, width: number, isFirst: boolean): string {
  return isFirst ? text.padEnd(width) : text.padStart(width)
}

function digits(value: number | undefined): string {
  if (value === undefined) return ''
  return value.toFixed(value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0)
}
