/** Where a tab's storage has what was begun to be handed over and was broken off, until somebody signs out. */
export const begunKey = "bulk-send-begun";
