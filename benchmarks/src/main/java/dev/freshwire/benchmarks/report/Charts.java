package dev.freshwire.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.Scriptable;

/**
 * Draws with Apache ECharts, which Rhino runs: no browser, no network, no fonts of this machine.
 */
final class Charts implements AutoCloseable {
  private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Context context = Context.enter();
  private final Scriptable scope;

  Charts() throws IOException {
    // Compiled, its methods would be longer than a class file allows.
    context.setInterpretedMode(true);
    context.setLanguageVersion(Context.VERSION_ES6);
    scope = context.initStandardObjects();
    run("var globalThis = this; function setTimeout() {} function clearTimeout() {}", "timers");
    run(resource(ECHARTS), "echarts");
    run(resource("charts.js"), "charts");
  }

  private void run(String script, String name) {
    context.evaluateString(scope, script, name, 1, null);
  }

  /** An SVG document of that width in pixels. */
  String svg(Chart chart, int width) throws IOException {
    Function render = (Function) scope.get("render", scope);
    Object svg =
        render.call(context, scope, scope, new Object[] {JSON.writeValueAsString(chart), width});
    return Context.toString(svg);
  }

  static String resource(String name) throws IOException {
    try (InputStream in = Charts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    Context.exit();
  }
}
