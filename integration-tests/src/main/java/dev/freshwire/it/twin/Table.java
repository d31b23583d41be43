package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A table's columns and key, and how its values travel between SQL and JSON. */
record Table(String name, Map<String, Column> columns, List<String> key) {

  /** One column; {@code json} where its type is JSON. */
  record Column(String name, String typeName, boolean json) {}

  static Table of(Connection connection, String name) throws SQLException, ApiException {
    DatabaseMetaData metaData = connection.getMetaData();
    Map<String, Column> columns = new LinkedHashMap<>();
    try (ResultSet rows = metaData.getColumns(null, "public", escape(metaData, name), null)) {
      while (rows.next()) {
        String column = rows.getString("COLUMN_NAME");
        String type = rows.getString("TYPE_NAME").toLowerCase(java.util.Locale.ROOT);
        columns.put(column, new Column(column, type, type.equals("json")));
      }
    }
    if (columns.isEmpty()) {
      throw ApiException.rest(
          404, "PGRST205", "Could not find the table 'public." + name + "' in the schema cache");
    }
    Map<Integer, String> key = new TreeMap<>();
    try (ResultSet rows = metaData.getPrimaryKeys(null, "public", name)) {
      while (rows.next()) {
        key.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
      }
    }
    return new Table(name, columns, List.copyOf(key.values()));
  }

  private static String escape(DatabaseMetaData metaData, String name) throws SQLException {
    String escape = metaData.getSearchStringEscape();
    return name.replace("_", escape + "_").replace("%", escape + "%");
  }

  Column column(String column) throws ApiException {
    Column found = columns.get(column);
    if (found == null) {
      throw ApiException.rest(400, "42703", "column " + name + "." + column + " does not exist");
    }
    return found;
  }

  /** The column of a row to be written, where PostgREST's wording differs. */
  Column written(String column) throws ApiException {
    Column found = columns.get(column);
    if (found == null) {
      throw ApiException.rest(
          400,
          "PGRST204",
          "Could not find the '" + column + "' column of '" + name + "' in the schema cache");
    }
    return found;
  }

  static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  String quoted() {
    return quote(name);
  }

  /** The columns as Realtime describes them. */
  ArrayNode describe() {
    ArrayNode described = Json.array();
    columns
        .values()
        .forEach(
            column ->
                described.addObject().put("name", column.name()).put("type", column.typeName()));
    return described;
  }

  /** The row's key columns alone. */
  ObjectNode keyOf(ObjectNode row) {
    ObjectNode keyed = Json.object();
    key.forEach(column -> keyed.set(column, row.get(column)));
    return keyed;
  }

  static void bind(PreparedStatement statement, List<JsonNode> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      bind(statement, i + 1, values.get(i));
    }
  }

  private static void bind(PreparedStatement statement, int index, JsonNode value)
      throws SQLException {
    if (value.isNull()) {
      statement.setNull(index, Types.NULL);
    } else if (value.isBoolean()) {
      statement.setBoolean(index, value.booleanValue());
    } else if (value.isIntegralNumber()) {
      statement.setLong(index, value.longValue());
    } else if (value.isNumber()) {
      statement.setBigDecimal(index, value.decimalValue());
    } else if (value.isTextual()) {
      statement.setString(index, value.textValue());
    } else {
      statement.setString(index, value.toString());
    }
  }

  static List<ObjectNode> read(ResultSet rows) throws SQLException {
    ResultSetMetaData metaData = rows.getMetaData();
    List<ObjectNode> read = new ArrayList<>();
    while (rows.next()) {
      ObjectNode row = Json.object();
      for (int i = 1; i <= metaData.getColumnCount(); i++) {
        row.set(metaData.getColumnLabel(i), value(rows, metaData, i));
      }
      read.add(row);
    }
    return read;
  }

  private static JsonNode value(ResultSet rows, ResultSetMetaData metaData, int index)
      throws SQLException {
    ArrayNode holder = Json.array();
    if ("JSON".equalsIgnoreCase(metaData.getColumnTypeName(index))) {
      String text = rows.getString(index);
      try {
        return text == null ? holder.addNull().get(0) : Json.parse(text);
      } catch (IOException e) {
        throw new SQLException("not JSON: " + text, e);
      }
    }
    switch (metaData.getColumnType(index)) {
      case Types.TIMESTAMP_WITH_TIMEZONE -> {
        OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
        holder.add(time == null ? null : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
      }
      case Types.BOOLEAN, Types.BIT -> {
        boolean value = rows.getBoolean(index);
        holder.add(rows.wasNull() ? null : Boolean.valueOf(value));
      }
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT -> {
        long value = rows.getLong(index);
        holder.add(rows.wasNull() ? null : Long.valueOf(value));
      }
      case Types.NUMERIC, Types.DECIMAL, Types.DOUBLE, Types.FLOAT, Types.REAL -> {
        BigDecimal value = rows.getBigDecimal(index);
        holder.add(value);
      }
      default -> holder.add(rows.getString(index));
    }
    return holder.get(0);
  }
}
