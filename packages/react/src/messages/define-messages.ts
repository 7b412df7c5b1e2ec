import type { Messages } from './messages.ts'

/**
 * A whole language of one's own: a text that is missing or misspelt does not compile. To change only some words, give them
 * to the provider as they are: `messages={{ retry: 'Once more' }}`.
 */
export function defineMessages(messages: Messages): Messages {
  return messages
}
