package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.util.Fields;

/**
 * PostgREST: tables under {@code /rest/v1/<table>}, functions under {@code /rest/v1/rpc/<name>}.
 */
final class RestService implements Service {

  private static final String SINGULAR = "application/vnd.pgrst.object+json";

  private final Database database;
  private final StoredFunctions functions;
  private final WriteLedger ledger;
  private final ChangeFeed feed;

  RestService(Database database, StoredFunctions functions, WriteLedger ledger, ChangeFeed feed) {
    this.database = database;
    this.functions = functions;
    this.ledger = ledger;
    this.feed = feed;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    String name = exchange.pathAfter("/rest/v1");
    try {
      if (name.isEmpty()) {
        exchange.send(200, Json.object().put("swagger", "2.0"));
      } else if (name.startsWith("rpc/")) {
        call(exchange, name.substring(4));
      } else {
        switch (exchange.method()) {
          case "GET", "HEAD" -> select(exchange, name);
          case "POST" -> insert(exchange, name);
          case "PATCH" -> update(exchange, name);
          case "DELETE" -> delete(exchange, name);
          default ->
              throw ApiException.rest(
                  405, "PGRST117", "Unsupported HTTP method: " + exchange.method());
        }
      }
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  private void select(Exchange exchange, String name) throws SQLException, ApiException {
    try (Connection connection = database.connect()) {
      Table table = database.table(connection, name);
      RowQuery query = RowQuery.of(table, exchange);
      RowFilter filter = RowFilter.of(table, exchange.queryFields());
      String sql = "select * from " + table.quoted() + " where " + filter.sql();
      if (!query.order().isEmpty()) {
        sql += " order by " + query.order();
      }
      sql += " offset " + query.offset() + " rows";
      if (query.limit() >= 0) {
        sql += " fetch first " + query.limit() + " rows only";
      }
      List<ObjectNode> rows = run(connection, sql, filter.values());
      ArrayNode shown = query.project(rows);
      int status = 200;
      String total = "*";
      if (exchange.headerSays("Prefer", "count=exact")
          || exchange.headerSays("Prefer", "count=planned")
          || exchange.headerSays("Prefer", "count=estimated")) {
        String count = "select count(*) as n from " + table.quoted() + " where " + filter.sql();
        long all = run(connection, count, filter.values()).get(0).get("n").longValue();
        total = Long.toString(all);
        if (query.offset() > 0 && query.offset() >= all) {
          exchange.respondWith("Content-Range", "*/" + all);
          throw ApiException.rest(416, "PGRST103", "Requested range not satisfiable");
        }
        status = rows.size() < all ? 206 : 200;
      }
      exchange.respondWith("Content-Range", range(query.offset(), rows.size()) + "/" + total);
      answer(exchange, status, shown);
    }
  }

  private static String range(long offset, int size) {
    return size == 0 ? "*" : offset + "-" + (offset + size - 1);
  }

  private void insert(Exchange exchange, String name) throws Exception {
    JsonNode body = exchange.json();
    if (!body.isObject() && !body.isArray()) {
      throw ApiException.rest(400, "PGRST102", "Empty or invalid json");
    }
    List<ObjectNode> rows = new ArrayList<>();
    for (JsonNode row : body.isArray() ? body : Json.array().add(body)) {
      if (!row.isObject()) {
        throw ApiException.rest(400, "PGRST102", "All object keys must match");
      }
      rows.add((ObjectNode) row);
    }
    ledger.arrived(exchange.requestId(), rowIds(name, rows));
    List<ObjectNode> inserted = new ArrayList<>();
    List<ObjectNode> written = new ArrayList<>();
    try (Connection connection = database.connect()) {
      Table table = database.table(connection, name);
      RowQuery query = RowQuery.of(table, exchange);
      boolean merge = exchange.headerSays("Prefer", "resolution=merge-duplicates");
      boolean ignore = exchange.headerSays("Prefer", "resolution=ignore-duplicates");
      List<String> key = conflictKey(table, exchange);
      List<ChangeFeed.Change> changes = new ArrayList<>();
      transaction(
          connection,
          () -> {
            for (ObjectNode row : rows) {
              boolean keyed = (merge || ignore) && !key.isEmpty() && hasAll(row, key);
              boolean exists = keyed && exists(connection, table, key, row);
              if (exists && ignore) {
                continue;
              }
              Set<String> columns = writtenColumns(table, exchange, rows);
              List<ObjectNode> result =
                  exists
                      ? merge(connection, table, key, row)
                      : insertRow(connection, table, columns, row, exchange);
              written.addAll(result);
              if (!exists) {
                inserted.add(row);
              }
              for (ObjectNode after : result) {
                changes.add(
                    new ChangeFeed.Change(exists ? "UPDATE" : "INSERT", table, after, null));
              }
            }
            requireSingle(exchange, written.size());
          });
      ledger.applied(exchange.requestId(), rowIds(name, inserted));
      changes.forEach(feed::publish);
      respondToWrite(exchange, 201, query, written, 201);
    }
  }

  /** The ids of the rows that the client names, for the ledger. */
  private static List<String> rowIds(String table, List<ObjectNode> rows) {
    List<String> ids = new ArrayList<>();
    for (ObjectNode row : rows) {
      JsonNode id = row.hasNonNull("ref") ? row.get("ref") : row.get("id");
      if (id != null && !id.isNull()) {
        ids.add(table + "/" + id.asText());
      }
    }
    return ids;
  }

  private static List<String> conflictKey(Table table, Exchange exchange) throws ApiException {
    String onConflict = exchange.query("on_conflict");
    if (onConflict == null || onConflict.isBlank()) {
      return table.key();
    }
    List<String> key = new ArrayList<>();
    for (String column : onConflict.split(",", -1)) {
      key.add(table.column(column.strip()).name());
    }
    return key;
  }

  private static boolean hasAll(ObjectNode row, List<String> columns) {
    return columns.stream().allMatch(row::hasNonNull);
  }

  private static Set<String> writtenColumns(Table table, Exchange exchange, List<ObjectNode> rows)
      throws ApiException {
    Set<String> columns = new LinkedHashSet<>();
    String asked = exchange.query("columns");
    if (asked != null && !asked.isBlank()) {
      Arrays.stream(asked.split(",", -1))
          .map(column -> column.strip().replace("\"", ""))
          .forEach(columns::add);
    } else {
      rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
    }
    for (String column : columns) {
      table.written(column);
    }
    return columns;
  }

  private static boolean exists(
      Connection connection, Table table, List<String> key, ObjectNode row) throws SQLException {
    String sql = "select 1 as found from " + table.quoted() + " where " + matches(key);
    return !run(connection, sql, values(row, key)).isEmpty();
  }

  private static List<ObjectNode> insertRow(
      Connection connection, Table table, Set<String> columns, ObjectNode row, Exchange exchange)
      throws SQLException, ApiException {
    boolean defaults = exchange.headerSays("Prefer", "missing=default");
    List<String> names = new ArrayList<>();
    List<String> places = new ArrayList<>();
    List<JsonNode> values = new ArrayList<>();
    for (String column : columns) {
      names.add(Table.quote(column));
      if (!row.has(column) && (defaults || table.key().contains(column))) {
        places.add("default");
      } else {
        places.add(place(table, column));
        values.add(row.has(column) ? row.get(column) : NullNode.instance);
      }
    }
    String insert =
        names.isEmpty()
            ? "insert into " + table.quoted() + " default values"
            : "insert into "
                + table.quoted()
                + " ("
                + String.join(", ", names)
                + ") values ("
                + String.join(", ", places)
                + ")";
    return run(connection, "select * from final table (" + insert + ")", values);
  }

  private static List<ObjectNode> merge(
      Connection connection, Table table, List<String> key, ObjectNode row)
      throws SQLException, ApiException {
    List<JsonNode> values = new ArrayList<>();
    String update = "update " + table.quoted() + " set " + assignments(table, row, values);
    values.addAll(values(row, key));
    return run(
        connection,
        "select * from final table (" + update + " where " + matches(key) + ")",
        values);
  }

  private static String assignments(Table table, ObjectNode row, List<JsonNode> values)
      throws ApiException {
    List<String> assignments = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    row.fieldNames().forEachRemaining(columns::add);
    for (String column : columns) {
      assignments.add(Table.quote(table.written(column).name()) + " = " + place(table, column));
      values.add(row.get(column));
    }
    return String.join(", ", assignments);
  }

  private static String place(Table table, String column) throws ApiException {
    return table.written(column).json() ? "? format json" : "?";
  }

  private static String matches(List<String> key) {
    return String.join(" and ", key.stream().map(column -> Table.quote(column) + " = ?").toList());
  }

  private static List<JsonNode> values(ObjectNode row, List<String> columns) {
    return columns.stream().map(row::get).toList();
  }

  private void update(Exchange exchange, String name) throws Exception {
    JsonNode body = exchange.json();
    ledger.arrived(exchange.requestId(), List.of());
    if (!body.isObject()) {
      throw ApiException.rest(400, "PGRST102", "Empty or invalid json");
    }
    try (Connection connection = database.connect()) {
      Table table = database.table(connection, name);
      RowQuery query = RowQuery.of(table, exchange);
      RowFilter filter = RowFilter.of(table, exchange.queryFields());
      List<ObjectNode> after = new ArrayList<>();
      if (!body.isEmpty()) {
        List<JsonNode> values = new ArrayList<>();
        String sql =
            "update " + table.quoted() + " set " + assignments(table, (ObjectNode) body, values);
        values.addAll(filter.values());
        transaction(
            connection,
            () -> {
              after.addAll(
                  run(
                      connection,
                      "select * from final table (" + sql + " where " + filter.sql() + ")",
                      values));
              requireSingle(exchange, after.size());
            });
      }
      ledger.applied(exchange.requestId(), List.of());
      for (ObjectNode row : after) {
        feed.publish(new ChangeFeed.Change("UPDATE", table, row, table.keyOf(row)));
      }
      respondToWrite(exchange, 200, query, after, 204);
    }
  }

  private void delete(Exchange exchange, String name) throws Exception {
    ledger.arrived(exchange.requestId(), List.of());
    try (Connection connection = database.connect()) {
      Table table = database.table(connection, name);
      RowQuery query = RowQuery.of(table, exchange);
      RowFilter filter = RowFilter.of(table, exchange.queryFields());
      List<ObjectNode> before = new ArrayList<>();
      String sql = "delete from " + table.quoted() + " where " + filter.sql();
      transaction(
          connection,
          () -> {
            before.addAll(
                run(connection, "select * from old table (" + sql + ")", filter.values()));
            requireSingle(exchange, before.size());
          });
      ledger.applied(exchange.requestId(), List.of());
      for (ObjectNode row : before) {
        feed.publish(new ChangeFeed.Change("DELETE", table, Json.object(), table.keyOf(row)));
      }
      respondToWrite(exchange, 200, query, before, 204);
    }
  }

  private void call(Exchange exchange, String name) throws Exception {
    StoredFunctions.Function function = functions.find(name);
    ObjectNode arguments;
    if (exchange.method().equals("POST")) {
      JsonNode body = exchange.json();
      arguments = body.isObject() ? (ObjectNode) body : Json.object();
    } else if (exchange.method().equals("GET") || exchange.method().equals("HEAD")) {
      if (!function.readOnly()) {
        throw ApiException.rest(405, "25006", "cannot execute UPDATE in a read-only transaction");
      }
      arguments = Json.object();
      for (Fields.Field field : exchange.queryFields()) {
        arguments.put(field.getName(), field.getValue());
      }
    } else {
      throw ApiException.rest(405, "PGRST101", "Only GET, HEAD and POST verbs are supported");
    }
    if (!function.readOnly()) {
      ledger.arrived(exchange.requestId(), List.of());
    }
    try (Connection connection = database.connect()) {
      JsonNode[] result = {NullNode.instance};
      transaction(connection, () -> result[0] = function.body().call(connection, arguments));
      if (!function.readOnly()) {
        ledger.applied(exchange.requestId(), List.of());
      }
      if (result[0].isNull()) {
        exchange.send(204);
      } else {
        exchange.send(200, result[0]);
      }
    }
  }

  private static void respondToWrite(
      Exchange exchange, int status, RowQuery query, List<ObjectNode> rows, int minimalStatus)
      throws ApiException {
    if (exchange.headerSays("Prefer", "count=exact")) {
      exchange.respondWith("Content-Range", range(0, rows.size()) + "/" + rows.size());
    }
    if (exchange.headerSays("Prefer", "return=representation")) {
      exchange.respondWith("Preference-Applied", "return=representation");
      answer(exchange, status, query.project(rows));
    } else {
      exchange.send(minimalStatus);
    }
  }

  private static void answer(Exchange exchange, int status, ArrayNode rows) throws ApiException {
    if (!singular(exchange)) {
      exchange.send(status, rows);
      return;
    }
    requireSingle(exchange, rows.size());
    exchange.send(200, SINGULAR + "; charset=utf-8", Json.bytes(rows.get(0)));
  }

  private static boolean singular(Exchange exchange) {
    String accept = exchange.header("Accept");
    return accept != null && accept.contains(SINGULAR);
  }

  /** Refuses anything but one row where one was asked for; a write is then rolled back. */
  private static void requireSingle(Exchange exchange, int rows) throws ApiException {
    if (rows != 1 && singular(exchange)) {
      throw ApiException.rest(
          406,
          "PGRST116",
          "Cannot coerce the result to a single JSON object",
          "The result contains " + rows + " rows",
          null);
    }
  }

  private static List<ObjectNode> run(Connection connection, String sql, List<JsonNode> values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Table.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        return Table.read(rows);
      }
    }
  }

  private interface Work {
    void run() throws SQLException, ApiException;
  }

  private static void transaction(Connection connection, Work work)
      throws SQLException, ApiException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      work.run();
      connection.commit();
      done = true;
    } finally {
      if (!done) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }

  /** H2's SQL states as PostgreSQL's, and with them PostgREST's status. */
  private static ApiException translated(SQLException e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    return switch (e.getSQLState() == null ? "" : e.getSQLState()) {
      case "23505" ->
          ApiException.rest(
              409, "23505", "duplicate key value violates unique constraint", message, null);
      case "23502" ->
          ApiException.rest(400, "23502", "null value violates not-null constraint", message, null);
      case "23503", "23506" -> ApiException.rest(409, "23503", message);
      case "22018", "22007" -> ApiException.rest(400, "22P02", message);
      case "22001" -> ApiException.rest(400, "22001", message);
      case "22003" -> ApiException.rest(400, "22003", message);
      case "42S02" -> ApiException.rest(404, "42P01", message);
      case "42S22" -> ApiException.rest(400, "42703", message);
      default -> ApiException.rest(500, "XX000", message);
    };
  }
}
