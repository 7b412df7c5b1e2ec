import { apiVersion } from '../src/api-version.ts'
import { endpoints } from '../src/api/route-table.ts'
import { emittedEventTypes } from '../src/event-types.ts'
import { simulatedCardNumbers } from '../src/lifecycle/payments/cards.ts'
import { publishedRequest, type Schema } from '../src/published-data.ts'

/** The text of `COVERAGE.md`, made from the route table. */
export function describeCoverage(): string {
  const known = endpoints().toSorted((left, right) => (left.operation < right.operation ? -1 : 1))
  const answered = known.filter(({ route }) => route !== undefined)
  const refused = known.filter(({ route }) => route === undefined)
  return `# Coverage

Made from the route table by \`pnpm coverage-table\`; do not edit. API version ${apiVersion}: ${answered.length} of ${known.length} known billing
endpoints are answered. Everything else, parameters included, is answered 501 \`simulator_unsupported\`, and parameters that Stripe does
not know 400 \`parameter_unknown\`. A name covers everything nested below it. \`expand\` is taken everywhere.

## Answered

| endpoint | parameters that have their effect | taken and kept, without effect | published, refused |
| --- | --- | --- | --- |
${answered.map(({ operation, method, path, route }) => row(operation, `${method} ${path}`, route?.supports ?? [], route?.echoes ?? [])).join('\n')}

## Refused

${refused.map(({ method, path }) => `- \`${method} ${path}\``).join('\n')}

## Events

${emittedEventTypes.map((type) => `- \`${type}\``).join('\n')}

## Cards

${simulatedCardNumbers().map((number) => `- \`${number}\``).join('\n')}
`
}

function row(operation: string, http: string, supports: readonly string[], echoes: readonly string[]): string {
  const published = Object.keys(publishedRequest(operation).request.properties ?? {})
  const taken = [...supports, ...echoes, 'expand']
  const refused = published.filter((name) => !taken.some((entry) => entry === name || entry.startsWith(`${name}.`)))
  return `| \`${http}\` | ${names(supports)} | ${names(echoes)} | ${names(refused)} |`
}

function names(list: readonly string[]): string {
  return list.length === 0 ? '' : list.toSorted().map((name) => `\`${name}\``).join(', ')
}

/** Parameters in the route table that the published schema does not have. */
export function unknownParameters(): string[] {
  return endpoints().flatMap(({ operation, route }) =>
    [...(route?.supports ?? []), ...(route?.echoes ?? [])]
      .filter((name) => !isPublished(publishedRequest(operation).request, name.split('.')))
      .map((name) => `${operation}: ${name}`),
  )
}

function isPublished(schema: Schema | undefined, path: readonly string[]): boolean {
  const [name, ...rest] = path
  if (schema === undefined) return false
  if (name === undefined) return true
  if (schema.type === 'array') return isPublished(schema.items, path)
  return isPublished(schema.properties?.[name], rest)
}
