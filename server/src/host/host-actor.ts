/** Who acts on the machine itself, as the history shows it. */
export const hostActor = { id: 'host', name: 'On the host', sessionId: undefined, tokenId: undefined } as const;
