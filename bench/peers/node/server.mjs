// As many processes as the others have workers, behind one port.
import cluster from "node:cluster";

import { makeProvider } from "./provider.mjs";

if (cluster.isPrimary) {
    for (let started = 0; started < Number(process.env.PEER_WORKERS); started += 1) cluster.fork();
} else {
    makeProvider().listen(Number(process.env.PEER_PORT), "127.0.0.1");
}
