/** What this app has to offer. Yours takes its place. */
export const fortunes = [
  'A ticket is better than a map.',
  'Somebody is about to ask you the question you know best.',
  'The shortest way home passes the bakery.',
  'What you put off twice was not yours to do.',
  'A small yes today saves a large no in spring.',
  'The next door is a push, though it says pull.',
  'Good news travels by bus.',
  'You will find it in the pocket you looked in first.',
  'The one who counts is not always the one who pays.',
  'Rain before noon, guests before night.',
  'Your umbrella misses you.',
  'Begin with the part that makes you smile.',
]
