package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a table besides the filter: which columns under which names, in what
 * order, from where and how many.
 *
 * @param columns column by the name it is returned under
 * @param order the SQL after {@code order by}, or empty
 * @param offset rows to skip
 * @param limit rows to return at most, or -1
 */
record RowQuery(Map<String, String> columns, String order, long offset, long limit) {

  private static final Pattern ITEM = Pattern.compile("(?:([^:]+):)?([^:(]+)(?:::\\w+)?");
  private static final Pattern RANGE = Pattern.compile("(?:items=)?(\\d+)-(\\d*)");

  static RowQuery of(Table table, Exchange exchange) throws ApiException {
    long offset = number(exchange.query("offset"), 0);
    long limit = number(exchange.query("limit"), -1);
    Matcher range = RANGE.matcher(orEmpty(exchange.header("Range")));
    if (range.matches() && exchange.query("offset") == null && limit < 0) {
      offset = Long.parseLong(range.group(1));
      if (!range.group(2).isEmpty()) {
        limit = Long.parseLong(range.group(2)) - offset + 1;
        if (limit < 0) {
          throw ApiException.rest(416, "PGRST103", "Requested range not satisfiable");
        }
      }
    }
    return new RowQuery(
        columns(table, exchange.query("select")),
        order(table, orEmpty(exchange.query("order"))),
        offset,
        limit);
  }

  /** The rows as the client asked to see them. */
  ArrayNode project(List<ObjectNode> rows) {
    ArrayNode projected = Json.array();
    for (ObjectNode row : rows) {
      ObjectNode shown = projected.addObject();
      columns.forEach(
          (name, column) -> shown.set(name, row.has(column) ? row.get(column) : NullNode.instance));
    }
    return projected;
  }

  private static Map<String, String> columns(Table table, @Nullable String select)
      throws ApiException {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String item : RowFilter.split(select == null || select.isBlank() ? "*" : select)) {
      String stripped = item.strip();
      if (stripped.equals("*")) {
        table.columns().keySet().forEach(name -> columns.put(name, name));
        continue;
      }
      Matcher matcher = ITEM.matcher(stripped);
      if (!matcher.matches()) {
        // Embedded resources need foreign keys, which the twin's tables do not have.
        throw ApiException.rest(
            400,
            "PGRST200",
            "Could not find a relationship between '"
                + table.name()
                + "' and '"
                + stripped
                + "' in the schema cache");
      }
      String column = table.column(matcher.group(2)).name();
      columns.put(matcher.group(1) == null ? column : matcher.group(1), column);
    }
    return columns;
  }

  private static String order(Table table, String order) throws ApiException {
    List<String> terms = new ArrayList<>();
    for (String term : RowFilter.split(order)) {
      String[] words = term.strip().split("\\.", -1);
      boolean descending = false;
      // PostgreSQL sorts nulls as if larger than any value.
      String nulls = "";
      for (int i = 1; i < words.length; i++) {
        switch (words[i]) {
          case "asc" -> descending = false;
          case "desc" -> descending = true;
          case "nullsfirst" -> nulls = " nulls first";
          case "nullslast" -> nulls = " nulls last";
          default ->
              throw ApiException.rest(400, "PGRST100", "\"failed to parse order (" + order + ")\"");
        }
      }
      if (nulls.isEmpty()) {
        nulls = descending ? " nulls first" : " nulls last";
      }
      terms.add(Table.quote(table.column(words[0]).name()) + (descending ? " desc" : "") + nulls);
    }
    return String.join(", ", terms);
  }

  private static long number(@Nullable String text, long absent) throws ApiException {
    if (text == null) {
      return absent;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ApiException.rest(
          400, "22P02", "invalid input syntax for type bigint: \"" + text + "\"");
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
