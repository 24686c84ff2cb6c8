import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** Between an iperf3 client and its server, on this machine. */
export interface Relay {
  port: number;
  /** Datagrams that were dropped and had another one after them: by the gap a receiver knows. */
  dropped(): number;
  close(): void;
}

const receiveBytes = 8 * 1024 * 1024;

/** Passes TCP on as it is, and of the datagrams to the server all but one in a hundred. */
export async function startRelay(serverPort: number): Promise<Relay> {
  const tcp = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const inside = createSocket({ type: 'udp4', recvBufferSize: receiveBytes });
  const outside = createSocket({ type: 'udp4', recvBufferSize: receiveBytes });
  outside.bind(port, '127.0.0.1');
  await once(outside, 'listening');
  const { dropped } = passOn(outside, inside, serverPort);
  return {
    port,
    dropped,
    close() {
      for (const part of [tcp, inside, outside]) part.close();
    },
  };
}

function passOn(outside: Socket, inside: Socket, serverPort: number): Pick<Relay, 'dropped'> {
  let count = 0;
  let dropped = 0;
  let known = 0;
  let client = 0;
  outside.on('message', (datagram, { port }) => {
    client = port;
    count += 1;
    if (count % 100 === 50) {
      dropped += 1;
      return;
    }
    known = dropped;
    inside.send(datagram, serverPort, '127.0.0.1');
  });
  inside.on('message', (datagram) => outside.send(datagram, client, '127.0.0.1'));
  return { dropped: () => known };
}
