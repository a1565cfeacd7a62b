/** What an authenticator keeps a person's passkeys under, base64url: the bytes of the user's id, which say nothing about them. */
export function userHandleOf(userId: string): string {
  return Buffer.from(userId.replaceAll('-', ''), 'hex').toString('base64url');
}
