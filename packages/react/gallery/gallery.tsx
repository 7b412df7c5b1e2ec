import { BillingMockDefaults } from '@farebox/react/testing'
import { type ReactElement, useEffect, useState } from 'react'
import { allStates } from './all-states.ts'
import { languages } from './languages.ts'

const themes = ['light', 'dark'] as const

/** What the page shows, in its address: a link leads to the same. */
function readChoice() {
  const query = new URLSearchParams(location.search)
  return {
    family: query.get('family') ?? Object.keys(allStates)[0] ?? '',
    find: query.get('find') ?? '',
    theme: query.get('theme') ?? 'light',
    language: query.get('language') ?? 'en',
    width: query.get('width') ?? '',
    plain: query.has('plain'),
  }
}

type Choice = ReturnType<typeof readChoice>

/** Every component in every state, in any theme, language and width. */
export function Gallery(): ReactElement {
  const [choice, setChoice] = useState(readChoice)
  const { family, find, theme, language, width, plain } = choice
  const { direction = 'ltr', messages } = languages[language] ?? {}

  useEffect(() => {
    const root = document.documentElement
    root.dataset['theme'] = theme
    root.style.colorScheme = theme
    root.lang = language
    root.dir = direction
    const query = new URLSearchParams({ family, theme, language, ...(find && { find }), ...(width && { width }), ...(plain && { plain: '' }) })
    history.replaceState(null, '', `?${query.toString()}`)
  }, [family, find, theme, language, direction, width, plain])

  const states = Object.entries(allStates[family] ?? {}).filter(([name]) => name.startsWith(find))
  return (
    <BillingMockDefaults.Provider value={{ locale: language, ...(messages && { messages }) }}>
      {!plain && <Controls choice={choice} change={(part) => setChoice({ ...choice, ...part })} />}
      <main style={width ? { inlineSize: `${width}px` } : undefined}>
        {states.map(([name, State]) => (
          <section key={`${language} ${name}`} aria-label={name}>
            {!plain && <h2>{name}</h2>}
            <State />
          </section>
        ))}
      </main>
    </BillingMockDefaults.Provider>
  )
}

function Controls({ choice, change }: { readonly choice: Choice; readonly change: (part: Partial<Choice>) => void }): ReactElement {
  return (
    <header>
      <h1>Farebox components</h1>
      <form>
        <Select label="Family" value={choice.family} options={Object.keys(allStates)} onChange={(family) => change({ family, find: '' })} />
        <Select label="Theme" value={choice.theme} options={themes} onChange={(theme) => change({ theme })} />
        <Select label="Language" value={choice.language} options={Object.keys(languages)} onChange={(language) => change({ language })} />
        <Select label="Width" value={choice.width} options={['', '320', '640', '960']} onChange={(width) => change({ width })} />
      </form>
    </header>
  )
}

interface SelectProps {
  readonly label: string
  readonly value: string
  readonly options: readonly string[]
  readonly onChange: (value: string) => void
}

function Select({ label, value, options, onChange }: SelectProps): ReactElement {
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option || 'full'}
          </option>
        ))}
      </select>
    </label>
  )
}
