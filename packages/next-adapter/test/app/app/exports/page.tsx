import { requireFeatureOnPage } from '@farebox/next'
import { farebox, reach } from '../billing.ts'

export default requireFeatureOnPage(farebox, 'exports', () => <p>{reach('exports-page')}</p>, {
  signInUrl: '/sign-in',
  refused: (problem) => <p>refused: {problem.title}</p>,
})
