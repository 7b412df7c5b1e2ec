import { livesOn } from './lives-on.ts'

livesOn('sqlite')
