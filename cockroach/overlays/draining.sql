-- When a node is told to stop, it first answers 503 on /health?ready=1, so that the load balancer sends new connections elsewhere, then it waits
-- for connections to be closed by their pools, and only then ends what is left. Both waits are nothing unless they are set.
-- The product's pools renew each connection after 270 to 330 seconds (app/db/database.py); 360 seconds let every one of them leave by itself.
SET CLUSTER SETTING server.shutdown.initial_wait = '8s';
SET CLUSTER SETTING server.shutdown.connections.timeout = '360s';
