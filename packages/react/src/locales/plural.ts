/** The forms of a word: those that the language has, by the categories of Unicode, and one for all the rest. */
export type PluralForms<Category extends Intl.LDMLPluralRule> = Readonly<Record<Category | 'other', string>>

/**
 * Picks the form that a language has for a count: `plural(3, { one: 'Tag', other: 'Tage' })` is `Tage`. `Category` names the
 * forms that must not be missing.
 */
export function createPlural<Category extends Intl.LDMLPluralRule>(
  locale: string,
): (count: number, forms: PluralForms<Category>) => string {
  const rules = new Intl.PluralRules(locale)
  return (count, forms) => {
    const known: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = forms
    return known[rules.select(count)] ?? forms.other
  }
}
