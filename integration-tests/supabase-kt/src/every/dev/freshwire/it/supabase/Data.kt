package dev.freshwire.it.supabase

import io.github.jan.supabase.SupabaseClient
import io.github.jan.supabase.postgrest.from
import io.github.jan.supabase.postgrest.postgrest
import io.github.jan.supabase.postgrest.rpc
import io.github.jan.supabase.realtime.PostgresAction
import io.github.jan.supabase.realtime.channel
import io.github.jan.supabase.realtime.postgresChangeFlow
import io.github.jan.supabase.realtime.realtime
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put

/** What the application does with its tables. */
internal class Data(private val supabase: SupabaseClient) {
    suspend fun select(table: String): JsonElement =
        JsonPrimitive(supabase.from(table).select { limit(5) }.data)

    suspend fun insert(ref: String): JsonElement =
        JsonPrimitive(supabase.from("decisions").insert(decision(ref)) { select() }.data)

    suspend fun upsert(symbol: String, price: String): JsonElement {
        val row = buildJsonObject {
            put("symbol", symbol)
            put("price", price.toDouble())
        }
        return JsonPrimitive(supabase.from("prices").upsert(row) { select() }.data)
    }

    suspend fun update(symbol: String, note: String): JsonElement {
        val change = buildJsonObject { put("note", note) }
        val result = supabase.from("positions").update(change) {
            filter { eq("symbol", symbol) }
            select()
        }
        return JsonPrimitive(result.data)
    }

    suspend fun delete(ref: String): JsonElement {
        val result = supabase.from("decisions").delete {
            filter { eq("ref", ref) }
            select()
        }
        return JsonPrimitive(result.data)
    }

    /** A function that writes: it adds one. */
    suspend fun rpc(): JsonElement {
        val arguments = buildJsonObject {
            put("p_symbol", "CCC")
            put("p_quantity", 1)
        }
        return JsonPrimitive(supabase.postgrest.rpc("settle_position", arguments).data)
    }

    /** Subscribes, is silent for a while, inserts, and waits until it hears of it. */
    suspend fun realtime(ref: String, silence: Duration): JsonElement = coroutineScope {
        val channel = supabase.channel("decisions-$ref")
        val changes = channel.postgresChangeFlow<PostgresAction.Insert>("public") { table = "decisions" }
        val heard = async(start = CoroutineStart.UNDISPATCHED) {
            changes.first { it.record["ref"]?.jsonPrimitive?.content == ref }
        }
        try {
            withTimeout(10.seconds) { channel.subscribe(blockUntilSubscribed = true) }
            delay(silence)
            withTimeout(10.seconds) {
                insert(ref)
                heard.await().record
            }
        } finally {
            heard.cancel()
            supabase.realtime.removeChannel(channel)
        }
    }

    /** Opens the WebSocket and leaves it open. */
    suspend fun subscribe(): JsonElement {
        withTimeout(10.seconds) { supabase.channel("decisions").subscribe(blockUntilSubscribed = true) }
        return JsonPrimitive(true)
    }

    private fun decision(ref: String): JsonObject = buildJsonObject {
        put("ref", ref)
        put("symbol", "AAA")
        put("side", "buy")
        put("quantity", 1)
    }
}
