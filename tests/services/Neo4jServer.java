import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.BoltConnectorInternalSettings;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.io.ByteUnit;

/** A real Neo4j with Bolt and passwords, alive until its standard input closes. Arguments: home folder, port. */
class Neo4jServer {
    public static void main(String[] arguments) throws Exception {
        var home = Path.of(arguments[0]);
        var address = new SocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        var isNew = !Files.exists(home.resolve("data"));
        var server = new DatabaseManagementServiceBuilder(home)
                .setConfig(GraphDatabaseSettings.auth_enabled, true)
                .setConfig(GraphDatabaseSettings.pagecache_memory, ByteUnit.mebiBytes(256))
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, address)
                // Without these two a stop takes 10 s instead of 0.3 s.
                .setConfig(BoltConnectorInternalSettings.thread_pool_shutdown_wait_time, Duration.ZERO)
                .setConfig(BoltConnectorInternalSettings.connection_shutdown_wait_time, Duration.ZERO)
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        if (isNew) {
            server.database("system").executeTransactionally("ALTER USER neo4j SET PLAINTEXT PASSWORD '"
                    + System.getenv("NEO4J_PASSWORD") + "' SET PASSWORD CHANGE NOT REQUIRED");
        }
        System.out.println("ready");
        // The pipe closes however the tests end, so no server outlives them.
        while (System.in.read() >= 0) { }
        System.exit(0);
    }
}
