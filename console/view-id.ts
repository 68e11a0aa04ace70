/** The element of the document that holds the view as JSON, so that the browser need not ask for it again. */
export const viewId = 'view';
