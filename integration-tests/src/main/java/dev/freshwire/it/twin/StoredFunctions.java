package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/** The stored functions that {@code /rest/v1/rpc/<name>} calls. */
final class StoredFunctions {

  /** The body of a function; runs in a transaction. */
  interface Body {
    JsonNode call(Connection connection, ObjectNode arguments) throws SQLException, ApiException;
  }

  /** A function; one that is not read-only counts as a write and cannot be called by GET. */
  record Function(boolean readOnly, Body body) {}

  private final Map<String, Function> functions =
      Map.of(
          "get_portfolio_value", new Function(true, StoredFunctions::portfolioValue),
          "get_echo", new Function(true, (connection, arguments) -> arguments),
          "settle_position", new Function(false, StoredFunctions::settlePosition));

  Function find(String name) throws ApiException {
    Function function = functions.get(name);
    if (function == null) {
      throw ApiException.rest(
          404, "PGRST202", "Could not find the function public." + name + " in the schema cache");
    }
    return function;
  }

  private static JsonNode portfolioValue(Connection connection, ObjectNode arguments)
      throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "select coalesce(sum(p.quantity * q.price), 0) as \"value\""
                    + " from positions p join prices q on p.symbol = q.symbol");
        ResultSet rows = statement.executeQuery()) {
      return Table.read(rows).get(0).get("value");
    }
  }

  /** Adds to a position: applied twice, it is wrong by that much. */
  private static JsonNode settlePosition(Connection connection, ObjectNode arguments)
      throws SQLException, ApiException {
    if (!arguments.hasNonNull("p_symbol") || !arguments.hasNonNull("p_quantity")) {
      throw ApiException.rest(
          404,
          "PGRST202",
          "Could not find the function public.settle_position without parameters p_symbol and"
              + " p_quantity in the schema cache");
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select * from final table (update positions set quantity = quantity + ?"
                + " where symbol = ?)")) {
      statement.setLong(1, arguments.get("p_quantity").asLong());
      statement.setString(2, arguments.get("p_symbol").asText());
      try (ResultSet rows = statement.executeQuery()) {
        return Json.array().addAll(Table.read(rows));
      }
    }
  }
}
