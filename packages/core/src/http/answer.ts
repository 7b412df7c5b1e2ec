/** What only the one who asked may see, and nobody may keep. */
export function privateAnswer(view: unknown): Response {
  return Response.json(view, { headers: { 'cache-control': 'private, no-store' } })
}
