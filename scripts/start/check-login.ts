/**
 * True when the login works, so that what is printed is what is true: a database that had admins before keeps
 * their passwords. The session that this opens is ended at once.
 */
export async function checkLogin(
  ordersUrl: string,
  admin: { adminEmail: string; adminPassword: string },
): Promise<boolean> {
  try {
    const opened = await fetch(`${ordersUrl}/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: admin.adminEmail, password: admin.adminPassword }),
      signal: AbortSignal.timeout(5000),
    });
    if (opened.status !== 201) return false;
    const { token } = (await opened.json()) as { token: string };
    const headers = { Authorization: `Bearer ${token}` };
    await fetch(`${ordersUrl}/sessions/current`, { method: 'DELETE', headers, signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}
