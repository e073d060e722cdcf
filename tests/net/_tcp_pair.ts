/** The two ends of a TCP connection on this machine. */
import { TcpTransport } from "../../src/net/tcp.ts";

export async function tcpPair(): Promise<
  [client: TcpTransport, server: TcpTransport]
> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const [client, server] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port }),
    listener.accept(),
  ]);
  return [new TcpTransport(client), new TcpTransport(server)];
}
