/** Where the routes are mounted unless the app says otherwise. */
export const defaultBasePath = '/api/billing'
