package dev.freshwire.it.supabase

import java.util.UUID
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * A single connection; ten sequential ones, each with a client of its own; one client reused for ten queries; twenty
 * concurrent requests; several tables.
 */
internal class Checks(arguments: JsonObject, private val another: () -> Project, private val data: Data) {
    private val pause = arguments.text("pause").toLong()
    private val outcomes = mutableMapOf<String, JsonArray>()

    /** For each check the outcomes of its requests. */
    suspend fun run(): JsonElement {
        check("single connection", List(1) { { data.select("prices").unit() } })
        check(
            "ten sequential",
            List(10) {
                {
                    val own = another()
                    try {
                        own.select("prices").unit()
                    } finally {
                        own.close()
                    }
                }
            },
        )
        check("one client, ten queries", List(10) { paused { data.select("prices").unit() } })
        outcomes["twenty concurrent"] = coroutineScope {
            JsonArray(
                (0 until 20)
                    .map { n -> async { attempt { if (n % 2 == 0) data.select("prices") else data.insert(newRef()) } } }
                    .awaitAll()
            )
        }
        delay(pause)
        val tables = listOf("prices", "positions", "decisions", "accounts", "instruments")
        check(
            "several tables",
            tables.map { table -> paused { data.select(table).unit() } } +
                paused { data.insert(newRef()).unit() } +
                paused { data.update("AAA", "checked").unit() } +
                paused { data.delete("no such ref").unit() } +
                paused { data.rpc().unit() },
        )
        return JsonObject(outcomes)
    }

    private suspend fun check(name: String, requests: List<suspend () -> Unit>) {
        outcomes[name] = JsonArray(requests.map { attempt(it) })
    }

    /** Idle afterwards for longer than the gateway keeps a connection, as applications are. */
    private fun paused(request: suspend () -> Unit): suspend () -> Unit = {
        try {
            request()
        } finally {
            delay(pause)
        }
    }

    private fun newRef() = UUID.randomUUID().toString()

    private fun JsonElement.unit() {
        check(this is JsonPrimitive)
    }
}
