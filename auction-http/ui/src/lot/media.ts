/** Where pictures are. */
import { apiBase } from "../api/config";

const MEDIA = "/media/";

/**
 * The address of a picture beside the API that this page talks to. The server names pictures by the address that it
 * was told to be its own, which need not be the one by which somebody came: `localhost` for `127.0.0.1`.
 */
export function mediaAddress(address: string, base = apiBase): string {
  if (!URL.canParse(address, base)) return address;
  const { pathname } = new URL(address, base);
  const at = pathname.indexOf(MEDIA);
  return at < 0 ? address : base + pathname.slice(at);
}
