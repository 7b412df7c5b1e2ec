import { requireAuthOnPage } from '@farebox/next'
import { farebox } from '../farebox.ts'
import { FortuneCard } from './fortune-card.tsx'

export default requireAuthOnPage(
  farebox,
  () => (
    <>
      <h1>What does the day bring?</h1>
      <FortuneCard />
    </>
  ),
  { signInUrl: '/sign-in' },
)
