package dev.freshwire.benchmarks.report;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/** The Markdown page as one file that needs no other. */
final class Html {
  private Html() {}

  /**
   * A whole document.
   *
   * @param drawings what to put in place of images, by their destination
   */
  static String page(String title, String markdown, String style, Map<String, String> drawings) {
    List<Extension> extensions = List.of(TablesExtension.create());
    HtmlRenderer renderer =
        HtmlRenderer.builder()
            .extensions(extensions)
            .nodeRendererFactory(context -> new Drawing(context, drawings))
            .build();
    String body = renderer.render(Parser.builder().extensions(extensions).build().parse(markdown));
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"
        + title
        + "</title><style>"
        + style
        + "</style></head><body>\n"
        + body
        + "</body></html>\n";
  }

  private record Drawing(HtmlNodeRendererContext context, Map<String, String> drawings)
      implements NodeRenderer {
    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Image.class);
    }

    @Override
    public void render(Node node) {
      String drawing = drawings.get(((Image) node).getDestination());
      if (drawing != null) {
        context.getWriter().raw(drawing);
      }
    }
  }
}
