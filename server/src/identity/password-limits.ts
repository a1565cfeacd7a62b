/** How many characters (code points, in Unicode form NFKC) a password has. SP 800-63B-4 asks for 15 where it may be the only factor. */
export const passwordLimits = { min: 15, max: 256 } as const;
